"""Which names of columns and keys say that they hold secrets, and which everyday names don't."""

import pytest

from handover.model.secret_names import names_a_secret

SECRET = """
Password; Mot de passe; MdP; apiKey; API key; Clé API; FTP password; PIN; Code PIN; Client secret; Token; Access
token; Jeton d'accès; Recovery codes; Codes de secours; Code d'accès; Passphrase; TOTP; 2FA secret; Private key;
License key; CVV; wifi_password; password2; New password; Password hint; Identifiant / mot de passe; Code secret;
SSH key; Security code; Réponse secrète; Code de sécurité; Kennwort; Passwort; contraseña; Password reset token;
Password manager password; Code
"""
EVERYDAY = """
Code postal; Code client; Code promo; Code barre; Code de suivi; Country code; Error code; Clé; Key; Issue key; Key
account; PIN of a product; Pin clicks; Pinterest saves; Token count; Tokens used; Nombre de jetons; Password resets;
Pass rate; Taux de réussite OTP; 2FA enabled; MFA status; Password manager; Password policy; Password last changed;
Mot de passe modifié le; Dernier changement de mot de passe; Secret Santa sales; Pass Culture; Pass Navigo; Access
level
"""


def _names(text: str) -> list[str]:
    return [" ".join(name.split()) for name in text.split(";")]


@pytest.mark.parametrize("name", _names(SECRET))
def test_what_holds_a_secret_is_known_by_its_name(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize("name", _names(EVERYDAY))
def test_everyday_names_are_no_secrets(name: str) -> None:
    assert not names_a_secret(name)


def test_a_code_is_no_secret_where_there_are_no_sign_ins() -> None:
    assert not names_a_secret("Code", code_is=False)
