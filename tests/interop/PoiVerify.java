import java.io.File;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.poi.poifs.crypt.dsig.SignatureConfig;
import org.apache.poi.poifs.crypt.dsig.SignatureInfo;

/** Says of each letter given whether Apache POI takes its signature for valid: one line "name valid|invalid". */
public class PoiVerify {
    public static void main(String[] letters) throws Exception {
        for (String letter : letters) {
            System.out.println(new File(letter).getName() + " " + judge(letter));
        }
    }

    private static String judge(String letter) throws Exception {
        try (OPCPackage opened = OPCPackage.open(letter, PackageAccess.READ)) {
            SignatureConfig config = new SignatureConfig();
            config.setOpcPackage(opened);
            SignatureInfo info = new SignatureInfo();
            info.setSignatureConfig(config);
            return info.verifySignature() ? "valid" : "invalid";
        } catch (Exception refused) {
            return "refused: " + refused;
        }
    }
}
