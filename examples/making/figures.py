"""The two projects' metrics: how each of the eight runs, month by month.

Role: data only. What is told about them (sources, campaigns, milestones) stands in each `handover.yaml`.
"""

from making.series import Series

LAST_MONTH = "2026-10"

# Cider sells at the end of the year and in summer; the shop's visitors follow.
_SHOP_FR = (0.80, 0.82, 0.86, 0.92, 0.98, 1.04, 1.10, 1.04, 1.02, 1.12, 1.10, 1.20)
_SALES_FR = (0.68, 0.74, 0.80, 0.88, 0.96, 1.02, 1.12, 1.00, 0.98, 1.06, 1.22, 1.54)
_TRADE_FR = (0.82, 1.02, 1.18, 1.16, 1.06, 1.04, 0.78, 0.62, 1.14, 1.18, 1.10, 0.90)

TREHOREL = (
    Series(
        "sessions",
        {"2022-09": 3560, "2023-10": 4300, "2024-05": 5900, "2025-06": 8300, "2026-10": 10100},
        season=_SHOP_FR,
    ),
    Series(
        "clicks",
        {"2022-09": 1240, "2023-10": 1720, "2024-05": 2750, "2025-06": 4280, "2026-10": 5350},
        season=_SHOP_FR,
        noise=0.05,
    ),
    Series(
        "average_position",
        {"2022-09": 19.6, "2023-10": 16.8, "2024-06": 12.4, "2025-06": 9.6, "2026-10": 8.4},
        decimals=1,
        noise=0.025,
    ),
    Series(
        "leads",
        {"2022-09": 11.5, "2023-10": 15.0, "2024-10": 20.5, "2026-10": 28.5},
        season=_TRADE_FR,
        noise=0.11,
    ),
    Series(
        "revenue",
        {"2022-09": 4720, "2023-10": 5650, "2024-05": 7600, "2025-06": 10900, "2026-10": 13300},
        decimals=2,
        season=_SALES_FR,
        noise=0.05,
    ),
    Series(
        "customer_acquisition_cost",
        {"2022-09": 23.8, "2023-10": 20.2, "2024-10": 16.6, "2026-10": 13.2},
        decimals=2,
        noise=0.06,
        missing=frozenset({"2024-03", "2024-04"}),
    ),
    Series("nps", {"2024-03": 41, "2025-03": 49, "2026-10": 57}, noise=0.055),
    Series(
        "social_visits",
        {"2022-09": 930, "2023-10": 880, "2024-12": 700, "2026-10": 490},
        season=_SHOP_FR,
        noise=0.08,
    ),
)

# A plant nursery lives from March to June; gifts and winter courses lift the end of the year a little.
_SHOP_EN = (0.62, 0.78, 1.18, 1.46, 1.52, 1.22, 0.92, 0.80, 0.92, 0.90, 0.86, 0.82)
_COURSES_EN = (0.70, 0.94, 1.26, 1.30, 1.22, 1.06, 0.78, 0.70, 1.04, 1.06, 1.04, 0.90)

WRENFIELD = (
    Series(
        "visitors",
        {"2023-11": 10900, "2024-10": 12100, "2025-10": 16300, "2026-10": 18400},
        season=_SHOP_EN,
    ),
    Series(
        "conversion_rate",
        {"2023-11": 1.42, "2024-10": 1.52, "2025-04": 1.82, "2026-10": 2.06},
        decimals=2,
        noise=0.035,
    ),
    Series(
        "revenue",
        {"2023-11": 6980, "2024-10": 7900, "2025-10": 13100, "2026-10": 15800},
        decimals=2,
        season=_SHOP_EN,
        noise=0.05,
    ),
    Series(
        "bookings",
        {"2023-11": 41, "2024-10": 48, "2025-10": 71, "2026-10": 84},
        season=_COURSES_EN,
        noise=0.09,
        missing=frozenset({"2026-01"}),
    ),
    Series(
        "retention_rate",
        {"2023-11": 23.4, "2024-10": 24.6, "2025-10": 29.8, "2026-10": 31.6},
        decimals=1,
        noise=0.03,
    ),
    Series("effort_score", {"2024-11": 4.7, "2025-02": 4.9, "2025-10": 5.5, "2026-10": 5.9}, decimals=1, noise=0.02),
    Series(
        "page_load_time",
        {"2023-11": 4.4, "2024-10": 4.1, "2025-02": 2.2, "2026-10": 1.6},
        decimals=1,
        noise=0.04,
    ),
    Series(
        "open_rate",
        {"2023-11": 47.6, "2024-10": 45.2, "2025-10": 40.1, "2026-10": 36.9},
        decimals=1,
        noise=0.025,
    ),
)
