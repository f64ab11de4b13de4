"""What of a recipe is on the plate: alcohol boils off, a brine stays behind, seaweed is soaked.

The food tables are of raw weights. Each rule below says how much of an ingredient is eaten, and
where the figure comes from; what no rule speaks of counts whole. `plate.tsv` names the dishes and
ingredients that a rule is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

# Alcohol in 100 g, and its energy: 日本食品標準成分表2020年版（八訂）, 16025, 16001, 16010, 16011,
# 17053.
ALCOHOL_G: Final[Mapping[str, float]] = {
    "みりん": 9.5,
    "酒": 12.3,
    "白ワイン": 9.1,
    "赤ワイン": 9.3,
    "酒粕": 8.2,
}
KCAL_IN_A_GRAM_OF_ALCOHOL: Final = 7
# Alcohol that is left: USDA Table of Nutrient Retention Factors, Release 6 (2007). "Baked or
# simmered, 15 minutes" is 40%, "flamed" 75%; the higher one stands for the short heat of a pan.
# Where nothing is heated, all of it is.
ALCOHOL_LEFT: Final[Mapping[str, float]] = {
    **dict.fromkeys(("煮る", "炊く", "蒸す", "ゆでる"), 0.40),
    **dict.fromkeys(("焼く", "炒める", "揚げる", "電子レンジ"), 0.75),
}

Way = Literal[
    "絞る", "漬け汁を残す", "浸し汁を残す", "ぬぐう", "塩ゆで", "わかめを戻す", "ひじきを戻す"
]


@dataclass(frozen=True)
class Share:
    """The share that is eaten of every nutrient, but for those that have one of their own."""

    of_all: float
    of: Mapping[str, float] = field(default_factory=dict)


# The first five are this project's own estimates, set high: salt is rather over- than understated.
# Those of seaweed follow from two rows of the food tables, dry and boiled, per calcium, which stays
# (09044 and 09058, 09050 and 09051).
EATEN: Final[Mapping[Way, Share]] = {
    # Salted vegetables, of which the water is squeezed out.
    "絞る": Share(0.6),
    # Pickles, eaten without what they lay in.
    "漬け汁を残す": Share(0.5),
    # Fried or boiled vegetables and fish in a broth that stays in the dish.
    "浸し汁を残す": Share(0.7),
    # A marinade that is wiped off before the pan.
    "ぬぐう": Share(0.6),
    # Salt in the water that is poured away.
    "塩ゆで": Share(0.5),
    "わかめを戻す": Share(1.0, {"salt_g": 0.39}),
    "ひじきを戻す": Share(1.0, {"salt_g": 0.22, "iron_mg": 0.50}),
}
# A bowl with so much water or stock, and noodles in it, is a noodle soup; half of the soup may be
# left, and with it half of the salt that is in its seasonings.
NOODLE_SOUP_GRAMS: Final = 200
SOUP_LEFT: Final = 0.5


def eaten_share(nutrient: str, way: Way | None) -> float:
    """Return which share of a nutrient is eaten of an ingredient that is treated in a `way`."""
    if way is None:
        return 1.0
    return EATEN[way].of.get(nutrient, EATEN[way].of_all)


def boiled_off_kcal(name: str, method: str) -> float:
    """Return the energy of the alcohol that 100 g of an ingredient lose in cooking."""
    left = ALCOHOL_LEFT.get(method, 1.0)
    return ALCOHOL_G.get(name, 0.0) * KCAL_IN_A_GRAM_OF_ALCOHOL * (1 - left)
