"""A made-up agency's folder: junk, and files with secrets of every kind. The secrets are random; none was ever used."""

import base64
import gzip
import io
import random
import string
import zipfile

_RANDOM = random.Random(20_261_128)
_UPPER = string.ascii_uppercase + "234567"


def some(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_RANDOM.choices(alphabet, k=length))


def hexadecimal(length: int) -> str:
    return some(length, "0123456789abcdef")


def pem(kind: str) -> str:
    body = base64.encodebytes(_RANDOM.randbytes(400)).decode()
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}-----END {kind}PRIVATE KEY-----\n"


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def workbook(*rows: tuple[str, ...]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def document(*paragraphs: str) -> bytes:
    import docx

    made = docx.Document()
    # The library's own styles, theme and fonts are a hundred times what is written here, and nothing looks at them.
    made.styles.element.clear()
    for name in [name for name, one in made.part.rels.items() if one.reltype.rpartition("/")[2] != "styles"]:
        del made.part.rels[name]
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def sqlite(*statements: str) -> bytes:
    import sqlite3

    with sqlite3.connect(":memory:") as database:
        for statement in statements:
            database.execute(statement)
        return database.serialize()


def pkcs12() -> bytes:
    from handover.model.secret import Secret
    from handover.seal.keys import protect
    from signing_samples import owner

    return protect(owner(), Secret("cactuses-drilling-heronry-mapleleaf-vividness-spoonful-ladling"))


PASSWORD = "Kestrel-9!quay"
CLAIMS = base64.urlsafe_b64encode(b'{"iss":"kubernetes/serviceaccount"}').decode().rstrip("=")
WALLET = "ripple banana quartz velvet turtle oxygen hammer wisdom salmon puzzle anchor fabric"
TOKENS = {
    "GitHub": "ghp_" + some(36),
    "GitHub, fine": "github_pat_" + some(22) + "_" + some(59),
    "GitLab": "glpat-" + some(20),
    "Slack": f"xoxb-{some(12, string.digits)}-{some(24)}",
    "Slack's address": f"https://hooks.slack.com/services/T{some(9, _UPPER)}/B{some(9, _UPPER)}/{some(24)}",
    "Stripe": "sk_live_" + some(24),
    "AWS": "AKIA" + some(16, _UPPER),
    "AWS secret": f'aws_secret_access_key = "{some(40)}"',
    "Google API": "AIza" + some(35),
    "OpenAI": f"sk-proj-{some(40)}T3BlbkFJ{some(40)}",
    "Anthropic": "sk-ant-api03-" + some(93),
    "Twilio": "SK" + "7" + hexadecimal(31),
    "Twilio token": f"TWILIO_AUTH_TOKEN={hexadecimal(32)}",
    "SendGrid": f"SG.{some(22)}.{some(43)}",
    "Mailgun": "key-" + hexadecimal(32),
    "Mailchimp": hexadecimal(32) + "-us14",
    "npm": "npm_" + some(36),
    "PyPI": "pypi-AgEIcHlwaS5vcmc" + some(80),
    "Shopify": "shpat_" + hexadecimal(32),
    "DigitalOcean": "dop_v1_" + hexadecimal(64),
    "Telegram": f"{some(9, '123456789')}:AA{some(33)}",
    "Azure": f"AccountName=x;AccountKey={some(86)}==",
    "authenticator": f"otpauth://totp/Shop:ruth?secret={some(16, _UPPER)}&issuer=Shop",
    "WireGuard": f"[Interface]\nPrivateKey = {some(43)}=",
    "age": "AGE-SECRET-KEY-1" + some(58, _UPPER),
    "Discord": f"DISCORD_TOKEN=M{some(25)}.{some(6)}.{some(38)}",
    "Mapbox": f"sk.eyJ{some(80)}.{some(22)}",
    "Bitbucket": "ATBB" + some(32),
    "OpenRouter": "sk-or-v1-" + hexadecimal(64),
    "Groq": "gsk_" + some(52),
    "Replicate": "r8_" + some(37),
    "Databricks": "dapi" + hexadecimal(32),
    "PlanetScale": "pscale_tkn_" + some(43),
    "Doppler": "dp.pt." + some(43),
    "Netlify": "nfp_" + some(36),
    "Contentful": "CFPAT-" + some(43),
    "Postman": f"PMAK-{hexadecimal(24)}-{hexadecimal(34)}",
    "Tailscale": f"tskey-auth-{some(12)}CNTRL-{some(32)}",
    "Fly.io": "FlyV1 fm2_" + some(120),
    "New Relic": "NRAK-" + some(27, _UPPER),
    "Heroku": "HRKU-" + some(60),
    "Azure's address": f"https://x.blob.core.windows.net/c?sv=2020-08-04&sp=rwd&sig={some(43)}%3D",
    "key in Base64": base64.b64encode(pem("RSA ").encode()).decode(),
    "a cluster's account": f"user:\n    token: {some(60)}\n",
    "a cluster's session": f"refresh-token: {some(60)}",
    "a token that says what it may": f"eyJhbGciOiJIUzI1NiJ9.{CLAIMS}.{some(43)}",
    "Meta": "EAA" + some(180),
    "Klaviyo": "pk_" + hexadecimal(34),
    "ClickUp": "pk_76543210_" + some(32, string.ascii_uppercase + string.digits),
    "WooCommerce": "cs_" + hexadecimal(40),
    "Supabase": "sb_secret_" + some(31),
    "Wix": f"IST.eyJ{some(60)}.{some(100)}",
    "1Password": "ops_eyJ" + some(300),
    "Notion": "secret_" + some(43),
    "Linear, for a program": "lin_oauth_" + hexadecimal(64),
    "Airtable": f"Airtable: pat{some(14)}.{hexadecimal(64)}",
    "Asana": f"Asana 2/{some(16, '123456789')}/{some(16, '123456789')}:{hexadecimal(32)}",
    "Cloudflare": "cfut_" + some(48),
    "Cloudflare, all rights": f"X-Auth-Key: {hexadecimal(37)}",
    "Cloudflare, certificates": f"v1.0-{hexadecimal(24)}-{hexadecimal(146)}",
    "Vercel": "vcp_" + some(56),
    "Vercel's files": f"vercel_blob_rw_{some(16)}_{some(30)}",
    "Mollie": "live_" + some(30),
    "Trello": f"ATTA{hexadecimal(64)}{some(8, _UPPER)}",
    "Typeform": f"tfp_{some(44)}_{some(14)}",
    "LinkedIn": f"WPL_AP1.{some(16)}.{some(6)}==",
    "WordPress, for a program": f"Mot de passe d’application : {' '.join(some(4) for _ in range(6))}",
    "Algolia": f"ALGOLIA_ADMIN_KEY={hexadecimal(32)}",
    "Mailjet": f"Secret Key : {hexadecimal(32)}",
    "OVH": f"OVH_APPLICATION_SECRET={some(32, string.ascii_lowercase + string.digits)}",
    "Gandi": f"Authorization: Apikey {some(24)}",
    "Infomaniak": f"Token API Infomaniak : {some(86)}",
    "Scaleway": f"SCW_SECRET_KEY={hexadecimal(8)}-{hexadecimal(4)}-4{hexadecimal(3)}-a{hexadecimal(3)}-{hexadecimal(12)}",
    "a key below its label": f"Clé secrète\n{some(40)}\n",
    "a password below a label without a colon": "Mot de passe\nTournesol!84\n",
    "a password in XML": "<password>Kes!trel92</password>",
    "a wallet below its label": f"Recovery phrase\n{WALLET}",
    "a wallet": f"Seed phrase: {WALLET}",
    "a wallet in French": f"Phrase de récupération : {WALLET}",
    "a wallet in a list": "Recovery words (12):\n"
    + "\n".join(f"{n}. {word}" for n, word in enumerate(WALLET.split(), 1)),
    "a password that begins with a mark": f"Password: ${PASSWORD}",
    "a password in quotes that begins with a mark": f"'password' => '%{PASSWORD}',",
    "a password in brackets": f"Mot de passe : ({PASSWORD})",
    "a password in other brackets": f"passwort: [{PASSWORD}]",
    "a password below its label": f"Mot de passe FTP :\n{PASSWORD}\n",
    "a password two lines below": f"Password:\r\n\r\n    {PASSWORD}\r\n",
    "Rails": f"secret_key_base: {hexadecimal(128)}",
    "a header": f"x-api-key: {some(32)}",
    "a label with words": f"Mot de passe WordPress : {some(12)}",
    "an English one": f"Password for the shop: {some(12)}",
    "a sentence": f"Le mot de passe est {some(12)}",
    "wireless network": f"Clé Wi-Fi : {some(14)}",
    "database's address": f"postgres://shop:{some(14)}@db7.shop.agency.co/shop",
    "database's address at a hoster's": f"postgresql://postgres:{some(16)}@db.qhxwzkvtyrmn.hoster.co:5432/postgres",
    "server's address": f"ftp://tom:{some(12)}@server.larkhill.co.uk/",
}
"""Tokens by whose they are."""

SECRET_FILES: dict[str, bytes] = {
    "site/.env": f"APP_ENV=production\nAPP_DEBUG=false\nKEY={some(5)}\n".encode(),
    "site/prod.env": b"A=1\n",
    "server/id_rsa": pem("OPENSSH ").encode(),
    "server/site.pem": pem("RSA ").encode(),
    "server/client.ppk.txt": b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
    "server/signing.bin": pkcs12(),
    "server/store": b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1\0\0\0\1",
    "api/service-account.json": (
        '{"type": "service_account", "private_key": ' + repr(pem("")).replace("'", '"') + "}"
    ).encode(),
    "site/wp-config.php": f"<?php\ndefine( 'DB_NAME', 'shop' );\ndefine( 'DB_PASSWORD', '{PASSWORD}' );\n".encode(),
    "site/configuration.php": f"<?php\nclass JConfig {{\n  public $password = '{PASSWORD}';\n}}\n".encode(),
    "site/parameters.php": f"<?php return ['database_password' => '{PASSWORD}'];\n".encode(),
    "db/dump.sql": f"-- MySQL dump\nINSERT INTO `wp_users` VALUES (1,'ruth','$P$B{some(30)}','r@x.co');\n".encode(),
    "db/members.sql": f"INSERT INTO members VALUES (1,'ruth','{hexadecimal(32)}','r@x.co');\n".encode(),
    "db/pg.sql": b"COPY public.users (id, email, password) FROM stdin;\n1\tr@x.co\tKestrel9\n\\.\n",
    "db/dump.sql.gz": gzip.compress(f"INSERT INTO users VALUES (1,'ruth','$2y$10${some(53)}');\n".encode()),
    "db/grants.sql": f"CREATE USER 'shop'@'%' IDENTIFIED BY '{PASSWORD}';\n".encode(),
    "backup.zip": zipped(site__index_html="<p>", **{"site__.env": "A=1"}),
    "old.zip": zipped(config_php=f"<?php $db_password = '{PASSWORD}';"),
    "notes/Passwords.txt": b"see the vault",
    "notes/Backup codes Ruth.txt": b"see the vault",
    "notes/Codes de récupération.docx": document("voir le coffre"),
    "notes/Mots de passe WordPress.docx": document("voir le coffre"),
    "notes/access.txt": f"Site: shop.co\nLogin: ruth\nPassword: {PASSWORD}\n".encode(),
    "notes/acces.txt": f"Site : shop.co\nIdentifiant : ruth\nMot de passe\u00a0: {PASSWORD}\n".encode(),
    "notes/plan.docx": document("Kick-off", f"FTP password: {PASSWORD}"),
    "notes/services.xlsx": workbook(("Service", "Login", "", "Password"), ("Shop", "ruth", "", "kestrel")),
    "notes/services.csv": b"site;identifiant;mot de passe\nshop.co;ruth;cigogne\n",
    "notes/services.md": b"# Access\n\n| Service | Login | Password |\n|---|---|---|\n| Shop | ruth | kestrel |\n",
    "export/bitwarden.csv": b"folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n,,login,Shop,,,0,https://x.co,ruth,kestrel,\n",
    "export/chrome.csv": b"name,url,username,password,note\nShop,https://x.co,ruth,kestrel,\n",
    "export/bitwarden.json": b'{\n  "encrypted": false,\n  "folders": [],\n  "items": []\n}',
    "export/keepass.xml": b"<?xml version='1.0'?>\n<KeePassFile><Root/></KeePassFile>",
    "export/team": b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x01\x00\x04\x00",
    "profile/logins.json": b'{"logins":[{"encryptedPassword":"MDoEEPgAAAAAAAAAAAAAAAAAAAEw"}]}',
    "profile/key4.db": sqlite("CREATE TABLE nssPrivate (id)"),
    "profile/saved": sqlite("CREATE TABLE logins (origin_url VARCHAR, password_value BLOB)"),
    "profile/Cookies": sqlite("CREATE TABLE cookies (host_key TEXT)"),
    "profile/cookies.txt": b"# Netscape HTTP Cookie File\n\n.x.co\tTRUE\t/\tTRUE\t1790000000\tsid\tq8w7e6\n",
    "server/.htpasswd": f"ruth:$apr1$k3s7r3l9${some(22)}\n".encode(),
    "server/.netrc": f"machine ftp.shop.co login ruth password {PASSWORD}\n".encode(),
    "server/.pgpass": b"db7:5432:shop:ruth:kestrel\n",
    "server/.aws/credentials": b"[default]\n",
    "server/sitemanager.xml": b"<FileZilla3><Servers/></FileZilla3>",
    "server/sites.xml": b'<Server><Host>x.co</Host><Pass encoding="base64">a2VzdHJlbA==</Pass></Server>',
    "infra/site.tfstate": b'{"version": 4}',
    "infra/state.json": b'{\n  "version": 4,\n  "terraform_version": "1.9.1",\n  "serial": 4\n}',
    "infra/kube.yaml": f"users:\n- name: x\n  user:\n    client-key-data: {some(120)}\n".encode(),
    "infra/docker.json": f'{{"auths": {{"r.x.co": {{"auth": "{some(28)}"}}}}}}'.encode(),
    ".bash_history": b"mysql -u root -pkestrel\n",
} | {f"tokens/{name}.txt": f"# {name}\n\n{token}\n".encode() for name, token in TOKENS.items()}
"""Path below assets/ → content. Each must be refused."""

JUNK = (
    ".DS_Store", "photos/._IMG_1.jpg", "photos/Thumbs.db", "desktop.ini", "Icon\r", "__MACOSX/._x", "~$Charter.docx",
    ".~lock.Plan.odt#", "site/.git/config", "site/.svn/entries", "site/node_modules/left-pad/index.js", "site/.cache/a",
    "tool/__pycache__/x.pyc", "Brief.gdoc", "Budget.gsheet", "Pitch.gslides", ".Film.mov.icloud", "film.mp4.crdownload",
)  # fmt: skip
"""Paths below assets/ that nobody means to deliver."""

ORDINARY: dict[str, bytes] = {
    "site/.env.example": b"APP_KEY=\nDB_PASSWORD=your-password\n",
    "site/wp-config-sample.php": b"define( 'DB_PASSWORD', 'password_here' );\ndefine( 'AUTH_KEY', 'put your unique phrase here' );\n",
    "site/login.html": b'<label>Password: <input type="password" name="password"></label>',
    "site/login.js": b"const password = form.password.value;\nlogin(user, password);\n",
    "site/lost-password.php": b"<?php $password = get_password( $user );",
    "site/id_rsa.pub": b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 ruth@x\n",
    "server/site.crt": b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "guide.md": "Mot de passe : 12 caractères au moins. Token: `ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`".encode(),
    "products.csv": b"code,name,pass\n1,Day pass,adult\n",
    "schema.sql": b"CREATE TABLE users (id int, password varchar(60) NOT NULL);\n",
    "locale/app.mo": b"\xde\x12\x04\x95\0\0\0\0" * 200 + b"_Palette:\0_Password:\0_Places4\0_Pressure:\0",
    "How to recover a code.txt": b"Ask Ruth.",
    "Password policy.pdf.txt": b"Passwords are changed twice a year.",
    "notes.txt": b"The password is given by phone, never by e-mail.",
    "notes-2.txt": "Le mot de passe est changé en 2026. Mot de passe du site : voir KeePass, fiche 12.".encode(),
    "notes-3.md": b"The password for Bob is: in the vault. Password of user: see client-2026. Password length: 12-16.",
    "site/config.js": b"password = getPass2(user, '!');\npassword: $password1\npassword: $config['Db1']!\npassword = \"#{Settings.db1}\"\npassword: &pw1 Foo\n",
    "chart.yaml": b"password:\n  description: Foo1 of the shop\nuser:\n  token: abc\npassword:\n  $ref: '#/x1A'\n",
    "keys.js": b"const csrf_token = 'a8f3e2b1c9d4a8f3e2b1c9d4';\nget_admin_key = resolve_key_from_settings_v2\npage_token: q1w2e3r4t5y6u7i8o9p0a1s2",
    "form.txt": "Application: WordPress\nClé API : voir le coffre\nAPI key: given-by-phone-on-2026-11-27\nToken: see-vault-entry-of-the-shop".encode(),
    "wallets.md": b"The recovery phrase: it is a set of words that you must keep in a safe place, and never in a mail.",
    "api.md": b"    postgres://user:password@localhost:5432/db\n    ftp://tom:aB3dEf9hK2@ftp.example.com/\n    mysql://tom:aB3dEf9hK2@db/shop\n    https://tom:aB3dEf9hK2@proxy.domain.com:8080\n    Authorization: Bearer YOUR_TOKEN\n",
}
"""Files that speak of secrets and hold none."""
