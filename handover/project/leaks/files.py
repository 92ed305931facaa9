"""Files that hold secrets by what they are: by name, and by the first bytes of their content.

Role: data, and the two look-ups in it. The names are those that programs give such files, from their manuals and from
github.com/github/gitignore; what is in a text is `handover.project.leaks.patterns`'.
"""

import re
import unicodedata
from typing import Final

from handover.model.message import msg
from handover.model.wildcards import NameTable

_NAMES: Final = {
    # First, so that they are none of what follows: they show how the others are written.
    "": (
        ".env.example", ".env.sample", ".env.dist", ".env.template", ".env.defaults", ".env.schema",
        "example.env", "sample.env", "template.env", ".env.*.example", ".env.*.sample", ".env.*.dist",
        ".env.*.template", "*.tfvars.example", "*.env.example", "*.env.sample", "*.env.dist", "*.env.template",
    ),
    msg("settings with secrets (.env)"): (".env", ".env.*", "*.env", ".envrc", ".flaskenv", ".dev.vars"),
    msg("a private key (SSH)"): (
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "id_rsa_*[!b]",
        "id_ed25519_*[!b]", "identity.ssh", "ssh_host_*_key",
    ),
    msg("a private key"): (
        "*.p12", "*.pfx", "*.ppk", "*.jks", "*.jceks", "*.keystore", "*.bks", "secring.gpg", "secring.pgp",
    ),
    msg("a password manager's file"): (
        "*.kdbx", "*.kdb", "*.1pif", "*.1pux", "*.agilekeychain", "*.opvault", "*.psafe3", "*.keychain",
        "*.keychain-db", "*.enpassdb", "*.walletx", "*.dashlane", "*.enpassbackup",
    ),
    msg("a browser's saved passwords or cookies"): (
        "login data", "login data for account", "key3.db", "key4.db", "logins.json", "logins-backup.json",
        "signons.sqlite", "cookies.sqlite", "formhistory.sqlite", "sessionstore.jsonlz4", "web data",
    ),
    msg("the passwords of a web server"): (".htpasswd", ".htpasswds", "htpasswd", ".htdigest", "htpasswd.txt"),
    msg("a program's saved passwords"): (
        ".netrc", "_netrc", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".s3cfg", ".boto",
        ".git-credentials", ".pypirc", ".dockercfg", "rclone.conf", ".rclone.conf", ".esmtprc", ".msmtprc",
        ".fetchmailrc", ".vault-token", ".vault_pass", ".vault_pass.txt", "vault_pass.txt",
        "application_default_credentials.json", "sitemanager.xml", "recentservers.xml", "filezilla.xml",
        "winscp.ini", "ws_ftp.ini", "sftp-config.json", "sftp.json", ".ftpconfig", ".remote-sync.json",
        "credentials-config.json", ".credentials.json", "proftpdpasswd", "smbpasswd", "shadow",
        "access_tokens.db", "credentials.db", ".cloudflared.json", "*.rdg", "mremoteng.conf", "confcons.xml",
    ),
    msg("the state of a Terraform project"): ("*.tfstate", "*.tfstate.backup", "terraform.tfvars", "*.auto.tfvars"),
    msg("an application's key"): (
        "master.key", "production.key", "secrets.yml", "secrets.yaml", ".secrets", "secrets.json",
        "secrets.toml", ".secrets.toml", "user-secrets.json", "client_secret.json", "client_secret_*.json",
        "client_secrets.json", "google-services-account.json",
    ),
    msg("a record of typed commands"): (
        ".bash_history", ".zsh_history", ".sh_history", ".fish_history", ".mysql_history", ".psql_history",
        ".sqlite_history", ".rediscli_history", ".mongo_history", ".python_history", ".node_repl_history",
        ".irb-history", ".lesshst",
    ),
}  # fmt: skip
_BY_FOLDER: Final = {
    ".gnupg/private-keys-v1.d": msg("a private key"),
    **dict.fromkeys(
        (".aws/credentials", ".docker/config.json", ".kube/config", ".gem/credentials", ".cargo/credentials",
         ".cargo/credentials.toml", ".composer/auth.json", ".vnc/passwd"), msg("a program's saved passwords"),
    ),
}  # fmt: skip
_FOLDERS: Final = NameTable({msg("a password manager's file"): ("*.agilekeychain", "*.opvault")})
_TABLE: Final = NameTable(_NAMES)

_LIST_KINDS: Final = frozenset(
    {"txt", "text", "md", "csv", "tsv", "xls", "xlsx", "xlsm", "ods", "doc", "docx", "docm", "odt", "rtf", "pdf",
     "pages", "numbers", "one", "json", "xml", "yaml", "yml", "html", "htm", "eml", "msg", "png", "jpg", "jpeg", "heic"}
)  # fmt: skip
_CALLED: Final = re.compile(
    r"\b(?:passwords?|passwds?|passwort|passworter|kennworter|mots? de passe|motdepasse|mdp|pwds?|passphrases?"
    r"|pass ?codes?|credentials|logins|codes? d ?acces|codes acces|access codes"
    r"|acces (?:ftp|sftp|ssh|admin|serveur|site|wordpress|wp)|identifiants(?: de connexion)?"
    r"|zugangsdaten|contrasenas|wachtwoorden)\b"
)
_CALLED_BUT_ABOUT: Final = re.compile(
    r"\b(?:reset\w*|forgot\w*|forget\w*|oublies?|lost|perdus?|chang\w*|politique\w*|policy|policies|guide\w*|charte"
    r"|rules?|regles|generat\w*|strength|hash\w*|validat\w*|tips|conseils?|bonnes pratiques|best practices?|managers?"
    r"|gestionnaires?|protect\w*|proteger|page|screen|form|formulaire|field|expir\w*|remind\w*|email|mail|notification|template"
    r"|modele|test\w*|common|schema|recover\w*|howto|faq|about|how)\b"
)


def kind_by_name(entry: str) -> str:
    """What a file with secrets this is, by its path below assets/; an empty text when its name says nothing."""
    parts = entry.split("/")
    if (found := _TABLE.get(parts[-1])) is not None:
        return found
    if len(parts) > 1 and (found := _BY_FOLDER.get("/".join(parts[-2:]).lower())):
        return found
    for folder in parts[:-1]:
        if "." in folder and (found := _FOLDERS.get(folder) or _BY_FOLDER.get(f".gnupg/{folder}".lower())):
            return found
    return msg("a list of passwords, by its name") if _is_list(parts[-1]) else ""


def _is_list(name: str) -> bool:
    stem, _, ending = name.rpartition(".")
    if ending.lower() not in _LIST_KINDS:
        stem = name if "." not in name else ""
    elif not _MAYBE.search(stem):
        return False
    plain = "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c)).casefold()
    plain = " ".join(re.findall(r"[a-z0-9]+", plain))
    return bool(_CALLED.search(plain)) and not _CALLED_BUT_ABOUT.search(plain)


_MAYBE: Final = re.compile(r"pass|mdp|pwd|cred|login|acc|identif|kenn|zugang|contra|wacht", re.IGNORECASE)
"""What is in every name that `_CALLED` finds: most names need no second look."""


def _content(what: str, first: bytes, expression: bytes, _source: str) -> "tuple[str, bytes, re.Pattern[bytes]]":
    """A kind, how such a file begins, and what matches from its first byte on; `_source` says who publishes it."""
    return what, first, re.compile(expression, re.DOTALL)


_OID_RSA: Final = rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
_OID_EC: Final = rb"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
_OID_25519: Final = rb"\x06\x03\x2b\x65[\x6e-\x71]"
_OID_PBES2: Final = rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05[\x01-\x0d]"
_OID_DATA: Final = rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x01\x02]"
_SQLITE: Final = b"SQLite format 3\0"
_CONTENTS: Final = (
    _content(msg("a private key (PKCS#12)"), b"\x30", rb"\x30.{1,5}\x02\x01\x03\x30.{1,5}" + _OID_DATA,
             "https://www.rfc-editor.org/rfc/rfc7292#section-4"),
    _content(msg("a private key (PKCS#8)"), b"\x30",
             rb"\x30.{1,4}\x02\x01[\x00\x01]\x30.{1,3}(?:" + b"|".join((_OID_RSA, _OID_EC, _OID_25519)) + rb")",
             "https://www.rfc-editor.org/rfc/rfc5958#section-2"),
    _content(msg("a private key (PKCS#8, encrypted)"), b"\x30", rb"\x30.{1,4}\x30.{1,3}" + _OID_PBES2,
             "https://www.rfc-editor.org/rfc/rfc5958#section-3"),
    _content(msg("a private key (RSA)"), b"\x30", rb"\x30\x82..\x02\x01\x00\x02\x82..\x00",
             "https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2"),
    _content(msg("a private key (EC)"), b"\x30", rb"\x30.{1,2}\x02\x01\x01\x04[\x18-\x42].{24,66}\xa0",
             "https://www.rfc-editor.org/rfc/rfc5915#section-3"),
    _content(msg("a Java key store"), b"\xfe\xed\xfe\xed", rb"",
             "https://docs.oracle.com/en/java/javase/21/docs/specs/security/standard-names.html"),
    _content(msg("a Java key store"), b"\xce\xce\xce\xce\x00", rb"",
             "https://docs.oracle.com/en/java/javase/21/docs/specs/security/standard-names.html"),
    _content(msg("a password manager's file (KeePass)"), b"\x03\xd9\xa2\x9a", rb"....[\x65-\x67]\xfb\x4b\xb5",
             "https://keepass.info/help/kb/kdbx.html"),
    _content(msg("a password manager's file (Password Safe)"), b"PWS3", rb"",
             "https://github.com/pwsafe/pwsafe/blob/master/docs/formatV3.txt"),
    _content(msg("a macOS keychain"), b"kych\x00\x01", rb"",
             "https://developer.apple.com/documentation/security/keychain-services"),
    _content(msg("the passwords saved in a browser"), _SQLITE,
             rb".{0,65536}?(?:CREATE TABLE logins ?\(|moz_logins|nssPrivate)",
             "https://support.mozilla.org/en-US/kb/profiles-where-firefox-stores-user-data"),
    _content(msg("the cookies of a browser"), _SQLITE, rb".{0,65536}?CREATE TABLE (?:moz_cookies|cookies) ?\(",
             "https://support.mozilla.org/en-US/kb/profiles-where-firefox-stores-user-data"),
)  # fmt: skip
HEAD: Final = 65_536
"""Bytes of a file that `kind_by_content` wants to see."""


def kind_by_content(start: bytes) -> str:
    """What a binary file with secrets this is, by its first `HEAD` bytes; an empty text when it is none."""
    if start[:1] not in _FIRSTS:
        return ""
    return next((what for what, first, pattern in _CONTENTS if start.startswith(first) and pattern.match(start)), "")


_FIRSTS: Final = frozenset(first[:1] for _, first, _ in _CONTENTS)
