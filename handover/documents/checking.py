"""The commands by which anyone checks a bundle without this program, for Windows, macOS and Linux.

Role: the four steps that START-HERE prints (docs/format.md, clause 10), and a fifth for a split bundle. Words are not
here: commands are the same in every language, and tests run the ones for Linux and macOS as they stand.

Why these and not shorter ones: `compared.pem` holds only the one certificate whose fingerprint was compared, so
that a second one added to `signer-certificate.pem` isn't trusted; `-no-CApath -no-CAstore` keep OpenSSL from also
trusting every authority that the system knows, which would accept anybody's bought certificate. macOS has LibreSSL,
which knows no `-cades`: there only the compared certificate may be the signer's (`-nointern`). Windows takes the
fingerprint of the very certificate that verifies the signature.
"""

from typing import Final

SYSTEMS: Final = ("windows", "macos", "linux")
STEPS: Final = ("fingerprint", "signature", "sums", "files")

_GROUPS = "cut -c1-64 | fold -w4 | paste -sd' ' -"
_FIRST_CERTIFICATE = "openssl x509 -in signer-certificate.pem -out compared.pem"
_SIGNATURE = (
    "openssl cms -verify{cades} -binary -inform DER -in META-INF/signature.p7s -content META-INF/ASiCManifest.xml"
)
_SUMS = (
    "grep 'URI=\"SHA256SUMS\"' META-INF/ASiCManifest.xml | "
    'grep -F "$(openssl dgst -sha256 -binary SHA256SUMS | openssl base64)"'
)

COMMANDS: Final[dict[str, dict[str, str]]] = {
    "linux": {
        "fingerprint": f"{_FIRST_CERTIFICATE}\nopenssl x509 -in compared.pem -outform DER | sha256sum | {_GROUPS}",
        "signature": f"{_SIGNATURE.format(cades=' -cades')} "
        "-CAfile compared.pem -partial_chain -no-CApath -no-CAstore -out /dev/null",
        "sums": _SUMS,
        "files": "sha256sum --quiet --strict -c SHA256SUMS && echo OK",
    },
    "macos": {
        "fingerprint": f"{_FIRST_CERTIFICATE}\nopenssl x509 -in compared.pem -outform DER | shasum -a 256 | {_GROUPS}",
        "signature": f"{_SIGNATURE.format(cades='')} -certfile compared.pem -nointern -noverify -out /dev/null",
        "sums": _SUMS,
        "files": "shasum -a 256 -c SHA256SUMS && echo OK",
    },
    "windows": {
        "fingerprint": "Add-Type -AssemblyName System.Security\n"
        '$m = [IO.File]::ReadAllBytes("$PWD\\META-INF\\ASiCManifest.xml")\n'
        "$c = [Security.Cryptography.Pkcs.ContentInfo]::new($m)\n"
        "$s = [Security.Cryptography.Pkcs.SignedCms]::new($c, $true)\n"
        '$s.Decode([IO.File]::ReadAllBytes("$PWD\\META-INF\\signature.p7s"))\n'
        "$h = [Security.Cryptography.SHA256]::Create()\n"
        "$f = [BitConverter]::ToString($h.ComputeHash($s.SignerInfos[0].Certificate.RawData))\n"
        "$f.ToLower() -replace '-' -replace '(....)(?=.)', '$1 '",
        "signature": "$s.CheckSignature($true)",
        "sums": '$d = [Convert]::ToBase64String($h.ComputeHash([IO.File]::ReadAllBytes("$PWD\\SHA256SUMS")))\n'
        "Get-Content META-INF\\ASiCManifest.xml | "
        "Where-Object { $_.Contains('URI=\"SHA256SUMS\"') -and $_.Contains($d) }",
        "files": "$bad = Get-Content SHA256SUMS -Encoding UTF8 | Where-Object {\n"
        "  (Get-FileHash -LiteralPath $_.Substring(66)).Hash -ne $_.Substring(0, 64) }\n"
        "if ($bad) { $bad } else { 'OK' }",
    },
}


def second_zip_command(system: str, name: str, sha256: str) -> str:
    """The fifth step of a split bundle: compare the second zip, which no other step reads, with its signed digest.

    `name` is made by us of letters, digits, hyphens and a dot, and `sha256` is hexadecimal: neither needs quoting.
    """
    if system == "windows":
        return f"if ((Get-FileHash -LiteralPath {name}).Hash -eq '{sha256}') {{ 'OK' }}"
    program = {"linux": "sha256sum", "macos": "shasum -a 256"}[system]
    return f"echo '{sha256}  {name}' | {program} -c"
