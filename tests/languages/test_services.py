"""Known services: which account is one of them, its last safe day, and its words in every language."""

import datetime as dt

import pytest

from handover.languages.services import catalogue, service_of
from handover.languages.words import Words
from handover.model.rows import AccountRow

WORDS = {language: Words.load(language, locale, "services") for language, locale in (("en", "en_GB"), ("fr", "fr_FR"))}


def account(service: str, url: str | None = None, number: str | None = None) -> AccountRow:
    return AccountRow.model_validate(
        {"service": service, "url": url, "account": number, "current_owner": "us", "status": "to-transfer"}
    )


@pytest.mark.parametrize(
    ("row", "language", "found"),
    [
        pytest.param(account("Analytics", "https://analytics.google.com/a/1"), "en", "ga4", id="by its host"),
        pytest.param(account("Analytics", "analytics.google.com"), "en", "ga4", id="without https"),
        pytest.param(account("Shop", "https://wrenfield.myshopify.com"), "en", "shopify", id="by the host's ending"),
        pytest.param(account("Shop", "https://notmyshopify.com"), "en", None, id="not by part of another host"),
        pytest.param(account("Shop", "https://myshopify.com.evil.example"), "en", None, id="not by a host's beginning"),
        pytest.param(account("Site", "https://acme.example/wp-admin/"), "en", "wordpress", id="by its path"),
        pytest.param(account("Facebook", "https://www.facebook.com/acme"), "fr", "meta", id="one of several hosts"),
        pytest.param(account("Profile", "https://business.google.com"), "en", "google_business_profile", id="Google's"),
        pytest.param(account("Domain acme.co.uk"), "en", "domain_uk", id="a British domain"),
        pytest.param(account("Nom de domaine acme.fr"), "fr", "domain_fr", id="a French domain"),
        pytest.param(account("Domain acme.com", "https://stripe.com"), "en", "domain_gtld", id="no matter its page"),
        pytest.param(account("Domaine acme.com"), "en", "domain_gtld", id="a domain by its French word, in English"),
        pytest.param(account("Domain acme.fr"), "fr", "domain_fr", id="a domain by its English word, in French"),
        pytest.param(account("Domain", None, "ACME.SHOP"), "en", "domain_gtld", id="the domain as account"),
        pytest.param(account("Domain acme.de"), "en", None, id="another country's domain has rules of its own"),
        pytest.param(account("Domain"), "en", None, id="a domain without a name"),
        pytest.param(account("Hosting acme.com"), "en", None, id="a host's name alone is no domain"),
        pytest.param(account("Odd", "http://[::1"), "en", None, id="no address at all"),
        pytest.param(account("Nothing"), "en", None, id="neither address nor domain"),
    ],
)
def test_an_account_is_a_known_service_by_its_address_or_domain(
    row: AccountRow, language: str, found: str | None
) -> None:
    service = service_of(row, WORDS[language])

    assert (service.id if service else None) == found


def test_every_service_has_steps_in_every_language_and_as_many_in_each() -> None:
    for service in catalogue():
        for side in ("agency", "client"):
            steps = {language: words.lines(f"{service.id}.{side}") for language, words in WORDS.items()}
            assert len(steps["en"]) == len(steps["fr"]) > 0, (service.id, side)
        for key in ("trap", "kept"):
            assert len({words.has(f"{service.id}.{key}") for words in WORDS.values()}) == 1, (service.id, key)


def test_no_word_is_of_a_service_that_isnt_known() -> None:
    known = {service.id for service in catalogue()} | {"domain_words"}
    for words in WORDS.values():
        named = {key.partition(".")[0] for key in words.texts if key.split(".")[-2:-1] in (["agency"], ["client"])}
        assert named <= known


def test_a_service_without_a_source_claims_no_time() -> None:
    without = [service for service in catalogue() if service.source is None]
    assert {service.id for service in without} == {"wordpress", "wordpress_com"}
    assert all(service.last_safe_day(dt.date(2026, 11, 30)) is None for service in without)


def test_the_last_safe_day_is_counted_back_from_the_end() -> None:
    days = {service.id: service.last_safe_day(dt.date(2026, 11, 30)) for service in catalogue()}
    assert days["ga4"] == dt.date(2026, 11, 16)
    assert days["domain_gtld"] == dt.date(2026, 9, 16)
