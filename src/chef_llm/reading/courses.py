"""Reads of which courses a meal should be: 一汁三菜, 汁物なし, 副菜2品, おつまみ3品, あと一品.

Where nothing is said, custom decides (`menus.meals.STRUCTURES`).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook.vocabulary import Role
from chef_llm.reading.numbers import FEW, number_of
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, Understood

MOST_PROPOSALS: Final = 6
LONGEST_WORDS: Final = 30
# All patterns are matched against folded text.
_STAPLE: Final = r"主食|ご飯もの|ごはんもの"
_MAIN: Final = r"主菜|めいん(?:でぃっしゅ|料理)?"
_SIDE: Final = r"副菜|小鉢|小皿|付け?合わ?せ|つけあわせ|箸休め|さいどめにゅー"
_SOUP: Final = (
    r"お?汁物|汁もの|汁もん|しるもの|お吸い?物|吸い物|お?味噌汁|お?みそ汁|すーぷ|椀物|お?つゆ物|"
    r"(?<![肉果煮け搾り漬し缶で平噌豚船])お?汁(?=つき|付|も|は|を|な|いら|不|[、。\s,/\d())]|で|が|と|一|$)"
)
ROLES: Final = {
    Role.STAPLE: _STAPLE,
    Role.MAIN: _MAIN,
    Role.SIDE: _SIDE,
    Role.SOUP: _SOUP,
}
_ANY_ROLE: Final = "|".join(f"(?P<{role.name}>{words})" for role, words in ROLES.items())
_COUNTER: Final = r"(?:品|つ|種類?|個|皿|ずつ)?(?!案|択|候補|ぱたーん|人|回|日|g|食|杯)"
_COUNT: Final = rf"(?:(?:を|は|が|の|も)?\s?[x×:]?\s?(?P<count>{FEW}){_COUNTER})"
MENTION: Final = re.compile(rf"(?:{_ANY_ROLE})(?!.{{0,2}}の素){_COUNT}?")
# 「汁物はいりません」「ご飯は炊いてあります」「味噌汁抜き」
_NO: Final = (
    r"(?:(?:など|とか|系)?(?:は|も|を|が|だけ)?(?:[^。\n、]{0,14}(?=不要|いりません|いらない))?\s?(?:なし|無し|ナシ|不要|結構|いら|要ら|いり?ません|抜き|"
    r"抜いて|ぱす(?!た)|なくて|無くて|付けな|つけな|作りません|作らな|別に(?:ある|用意)|決まって)|"
    r"以外|\s?[×✕❌])"
)
NOT_WANTED: Final = re.compile(
    rf"(?P<roles>(?:(?:{'|'.join(ROLES.values())})[と・、やも]?){{1,3}}){_NO}"
)
# The staple goes by what it is, too.
NO_STAPLE: Final = re.compile(
    r"(?:白?ご飯|ごはん|お米|米|白米|ぱん|主食)(?:は|も|なら|だけ)?\s?"
    r"(?:なし|無し|不要|いら|要ら|いり?ません|抜き|抜いて|炊いて|炊けて|炊く|炊きます|炊きました|"
    r"(?:もう)?あ(?:る(?!の?で|もの|やつ)|ります)|別に|各自|持参|持って)"
)
# Said of a role without asking for it alone: 「汁つき」「副菜も」「主菜は魚で」「汁物は毎日」.
BESIDE: Final = re.compile(
    r"\s?(?:[】\])]|つき|付き?|込み|も|には|に(?!して|なる)|は(?!\s?[1-9一二三四五六七八九](?:品|つ|種))|毎|を?(?:含|添)|"
    r"が(?:いつも|同じ|毎)|:|=|→|の?(?:具|味|野菜|代わり|かわり)|"
    r"(?:だけ|のみ)?(?:を|は)?(?:変|替|か[えわ]|換|簡単))"
)
# 「主菜に合う」「メインの肉じゃがに」
FITTING: Final = re.compile(r"(?:に|と)(?:も)?(?:合|あ)[うっわ]")
ADDED: Final = re.compile(r"(?:も|を)?\s?(?:つけ|付け|足し|追加|加え|ほしい|欲しい|もう)")
ALONE: Final = re.compile(r"\s?(?:だけ|のみ|をひと|を一|の(?:候補|案|れしぴ))")
SOUP_AND: Final = re.compile(rf"(?P<soups>{FEW})汁(?P<dishes>{FEW})菜")
SNACK: Final = re.compile(
    r"(?:お?つまみ|肴|酒の?あて|(?<![一-鿿ぁ-ん])あて(?=[を、。になのがは\s]|$))"
)
_DISHES: Final = rf"(?P<count>{FEW})\s?(?:品|皿)(?!目|種|まで|以内|料理|盛|もの|に)"
DISHES: Final = re.compile(
    rf"(?<![一-鿿\d])(?:(?P<more>もう|あと|追加で|プラス|ほかに)\s?)?{_DISHES}"
    rf"|(?P<snack>(?:お?つまみ|肴|あて)(?:を|は|が)?\s?(?P<snacks>{FEW})(?:つ|種|こ|個|品))"
    rf"|おかず(?:を|は|が)?\s?(?P<dishes>{FEW})(?:つ|種|品|個)"
)
# A meal is meant, and not single dishes of it.
OF_A_MEAL: Final = re.compile(
    r"献立|めにゅー|夕食|夕飯|夕ご?はん|晩ご?はん|晩ご飯|夕ご飯|昼食|朝食|お?弁当|定食|御膳|お膳|食事"
)
PROPOSALS: Final = re.compile(
    rf"(?P<count>{FEW})\s?(?:案|ぱたーん|通り|とおり|つの?(?:案|候補)|候補|択|種類(?=の?(?:献立|めにゅー|れしぴ)))(?!目)"
    rf"|(?:例|使い道|料理|あいであ|以外|消費のしかた)(?:を|で|に)?\s?(?P<any>{FEW})(?:つ|種類?)(?!目|の(?!案))"
    rf"|(?:候補|案|れしぴ|献立|めにゅー|食べ方|使い方|提案)(?:を|は|が)?\s?(?P<things>{FEW})(?:つ|案|種類?|こ|個|パターン)(?!目)"
)
# So many dishes beside plain rice make these meals.
MEALS_OF: Final = {
    1: (Role.STAPLE, Role.MAIN),
    2: (Role.STAPLE, Role.MAIN, Role.SIDE),
    3: (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP),
    4: (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SIDE, Role.SOUP),
    5: (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SIDE, Role.SIDE, Role.SOUP),
    6: (Role.STAPLE, Role.MAIN, Role.MAIN, Role.SIDE, Role.SIDE, Role.SIDE, Role.SOUP),
}
MOST_DISHES: Final = 6
FULL: Final = (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP)


@dataclass(frozen=True)
class Courses:
    """The roles of the dishes of a meal, none where nothing is said of it; `is_snack`: つまみ."""

    roles: tuple[Role, ...] = ()
    is_snack: bool = False
    words: tuple[Found, ...] = ()


def read_courses(text: Text) -> Courses:
    """Return of which courses a meal should be."""
    folded = text.folded
    removed = removed_roles(folded)
    snack = SNACK.search(folded)
    asked, places, is_counted = _asked(folded)
    if soup_and := SOUP_AND.search(folded):
        soups, dishes = number_of(soup_and["soups"]), number_of(soup_and["dishes"])
        roles = [Role.STAPLE, Role.MAIN, *[Role.SIDE] * (dishes - 1), *[Role.SOUP] * soups]
        places.append(soup_and.span())
    elif is_counted and OF_A_MEAL.search(folded) and not _of_courses_alone(asked):
        # 「夕食を、副菜は2品で」: the other courses are as usual.
        roles = [*asked, *(role for role in FULL if role not in asked)]
    elif not is_counted and (dishes_of := _dishes(folded, is_snack=snack is not None)):
        roles, place = dishes_of
        places.append(place)
        # 「5品、うち汁1」
        if asked.count(Role.SOUP) and Role.SOUP not in roles:
            roles = [*roles[:-1], Role.SOUP]
    elif asked:
        roles = asked
    elif snack is not None and not OF_A_MEAL.search(folded):
        roles = [Role.SIDE, Role.SIDE]
        places.append(snack.span())
    elif removed:
        roles = list(FULL)
    else:
        return Courses(is_snack=snack is not None)
    kept = [role for role in roles if role not in removed]
    if not kept or (removed and not places and len(kept) == len(roles)):
        return Courses(is_snack=snack is not None)
    in_order = tuple(sorted(kept, key=FULL.index))[: MOST_DISHES + 1]
    places += list(removed.values())
    start, end = min(places)[0], max(end for _, end in places)
    words = text.words(start, end) if end - start < LONGEST_WORDS else text.words(*min(places))
    named = "・".join(in_order)
    return Courses(in_order, snack is not None, ((start, Understood("roles", named, words)),))


def read_proposals(text: Text) -> Iterator[Found]:
    """Yield how many menus or dishes to choose from are wanted, where it is more than one."""
    match = PROPOSALS.search(text.folded)
    if match is None:
        return
    count = min(number_of(match["count"] or match["any"] or match["things"]), MOST_PROPOSALS)
    if count > 1:
        said = text.words(match.start(), match.end())
        yield match.start(), Understood("proposals", str(count), said)


def role_places(folded: str) -> Iterator[tuple[Role, int, int]]:
    """Yield every role that is named, with where."""
    for match in MENTION.finditer(folded):
        role = _role(match)
        yield role, match.start(), match.end(role.name)


def added_roles(folded: str) -> list[Role]:
    """Return the roles that a later turn adds: 「汁物もつけて」「もう一品」."""
    added = [
        role
        for role, _, end in role_places(folded)
        if ADDED.match(folded, end) and role not in removed_roles(folded)
    ]
    if match := DISHES.search(folded):
        added += [Role.SIDE] * (number_of(match["count"]) if match["more"] else 0)
    return added


def removed_roles(folded: str) -> dict[Role, tuple[int, int]]:
    """Return the roles that are not wanted, with where it is said."""
    removed = {}
    for match in NOT_WANTED.finditer(folded):
        for named in MENTION.finditer(match["roles"]):
            removed[_role(named)] = match.span()
    if staple := NO_STAPLE.search(folded):
        removed[Role.STAPLE] = staple.span()
    return removed


def _role(match: re.Match[str]) -> Role:
    return next(role for role in Role if match[role.name])


def _of_courses_alone(asked: Collection[Role]) -> bool:
    """Tell whether several courses are named and the main one with them: these are all."""
    return Role.MAIN in asked and len(set(asked)) > 1


def _asked(folded: str) -> tuple[list[Role], list[tuple[int, int]], bool]:
    """Return the roles that are asked for alone, once for each dish, where, and if by numbers.

    A number asks for that many, whatever stands beside it.
    """
    roles: list[Role] = []
    counted: set[Role] = set()
    places = []
    unwanted = [match.span() for match in NOT_WANTED.finditer(folded)]
    for match in MENTION.finditer(folded):
        if any(start <= match.start() < end for start, end in unwanted):
            continue
        if not match["count"] and (
            BESIDE.match(folded, match.end()) or FITTING.match(folded, match.end())
        ):
            continue
        role = _role(match)
        if match["count"]:
            # 「主菜を2種、副菜は…。主菜は…」: what has a number says how many.
            roles = [*(one for one in roles if one != role), *[role] * number_of(match["count"])]
            counted.add(role)
        elif role not in roles:
            roles.append(role)
        places.append(match.span())
    # 「夕食を、汁物は毎日」: a role by the way does not make a meal of it alone.
    is_by_the_way = len(roles) == 1 and not counted and OF_A_MEAL.search(folded)
    if is_by_the_way and not ALONE.match(folded, places[-1][1]):
        return [], [], False
    return roles, places, bool(counted)


def _dishes(folded: str, *, is_snack: bool) -> tuple[list[Role], tuple[int, int]] | None:
    """Return the roles of so many dishes (3品, おかず2つ), and where it is said."""
    match = DISHES.search(folded)
    if match is None:
        return None
    count = number_of(match["count"] or match["snacks"] or match["dishes"])
    count = min(count, MOST_DISHES)
    if match["more"] or is_snack:
        return [Role.SIDE] * count, match.span()
    if OF_A_MEAL.search(folded) and not match["dishes"]:
        return list(MEALS_OF[count]), match.span()
    mains = 2 if count >= MOST_DISHES - 1 else 1
    return [Role.MAIN] * mains + [Role.SIDE] * (count - mains), match.span()
