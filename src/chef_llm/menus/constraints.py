"""What a menu must keep: allergens, exclusions, diets, time, and limits of nutrition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role

Range = tuple[float | None, float | None]


@dataclass(frozen=True)
class Diet:
    """A diet in figures: what is left out, and limits of a meal's nutrients per serving.

    `style` is what an opening line calls it.
    """

    title: str
    without_groups: frozenset[str] = frozenset()
    without_allergens: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)
    style: str | None = None


DIETS: Final[Mapping[str, Diet]] = {
    # No meat, no fish, and no stock or gelatine made of them.
    "vegetarian": Diet("ベジタリアン", frozenset({"肉", "魚介"})),
    "vegan": Diet(
        "ヴィーガン", frozenset({"肉", "魚介", "卵", "乳", "はちみつ"}), frozenset({"卵", "乳"})
    ),
    "gluten_free": Diet("グルテンフリー", frozenset({"大麦"}), frozenset({"小麦"})),
    # 2.5 g is a third of the day's 7.5 g for men (日本人の食事摂取基準 2025).
    "low_salt": Diet("減塩", limits={"salt_g": (None, 2.5)}, style="減塩"),
    "high_protein": Diet("高たんぱく", limits={"protein_g": (25.0, None)}, style="高たんぱく"),
    "low_calorie": Diet("低カロリー", limits={"energy_kcal": (None, 500.0)}, style="ヘルシー"),
}
# "生" is no food group: it leaves out what is eaten raw.
RAW: Final = "生"


@dataclass(frozen=True)
class Constraints:
    """The hard wishes of one request; `excluded` holds ingredient and food group names.

    `limits` are those of one meal, per serving: nutrient name to (least, most). Dishes that centre
    on something `of_any_season` are served whatever the season: who has cod at hand has it now.
    """

    allergens: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    excluded_dishes: frozenset[str] = frozenset()
    diets: frozenset[str] = frozenset()
    cuisine: str | None = None
    max_minutes: int | None = None
    season: str | None = None
    of_any_season: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)

    def breach(self, dish: Dish, cookbook: Cookbook) -> str | None:
        """Return the name of the first constraint that `dish` alone breaks, None when it may be.

        Limits are a matter of the whole meal and are kept by `limits.within_limits`.
        """
        allergens, groups = cookbook.allergens(dish), cookbook.groups(dish)
        if allergens & self.allergens:
            return "allergens"
        if self.excluded & (dish.ingredient_names | groups) or (
            RAW in self.excluded and dish.method == RAW
        ):
            return "exclude"
        if dish.name in self.excluded_dishes:
            return "exclude"
        for name in self.diets:
            diet = DIETS[name]
            if groups & diet.without_groups or allergens & diet.without_allergens:
                return "diet"
        if self.max_minutes is not None and dish.minutes > self.max_minutes:
            return "max_minutes"
        return None

    def fits(self, dish: Dish) -> bool:
        """Tell whether `dish` is of the season and, where it leads a meal, of the cuisine.

        Plain rice, side dishes and soups go with any cuisine.
        """
        is_of_season = self.season is None or not dish.seasons or self.season in dish.seasons
        if not is_of_season and self.of_any_season.isdisjoint(dish.keywords):
            return False
        leads = dish.role == Role.MAIN or dish.is_one_bowl
        return self.cuisine is None or dish.cuisine == self.cuisine or not leads

    @property
    def meal_limits(self) -> dict[str, Range]:
        """The limits of a meal, the diets' included: of two the tighter holds."""
        merged: dict[str, Range] = {}
        for limits in (self.limits, *(DIETS[name].limits for name in sorted(self.diets))):
            for nutrient, (least, most) in limits.items():
                old_least, old_most = merged.get(nutrient, (None, None))
                merged[nutrient] = (
                    max((x for x in (old_least, least) if x is not None), default=None),
                    min((x for x in (old_most, most) if x is not None), default=None),
                )
        return merged
