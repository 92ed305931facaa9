"""How many decimals a currency has: the minor units of ISO 4217.

Role: what an amount of money can be. How it is printed is the languages' (CLDR has its own, for cash and display).
"""

from typing import Final

_OTHER_THAN_TWO: Final = {
    code: decimals
    for decimals, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}


def minor_units(currency: str) -> int:
    """Decimals of an amount in the currency with this code (ISO 4217, list one of 2024); 2 for nearly all."""
    return _OTHER_THAN_TWO.get(currency, 2)
