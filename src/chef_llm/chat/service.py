"""Who answers: the planner wherever dishes are asked for, what is known, or the model in talk."""

from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from chef_llm.chat.chef import Chef, Question, Reply
from chef_llm.chat.kitchen_talk import kitchen_answer
from chef_llm.chat.talk import ANSWERS, OF_ANIMALS, of_whom, talk
from chef_llm.chat.text_stream import StopStrings, through
from chef_llm.cookbook import Cookbook
from chef_llm.engines import Completion, Deadline, Sampling, Timings
from chef_llm.errors import DeadlineExceeded, Emergency, UnclearExclusion
from chef_llm.menus.answer import about_text, answer_text, named_dishes, recipes_text
from chef_llm.menus.constraints import breach
from chef_llm.menus.plan import Plan
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import NO_FIELDS, Order
from chef_llm.reading.reader import read_order

WARM_UP_SECONDS: Final = 5.0


def answer(question: Question, chef: Chef, deadline: Deadline) -> Generator[str, None, Reply]:
    """Yield the answer piece by piece, a guaranteed one line by line, and return it whole.

    All turns count, whoever spoke: an allergy of the first turn holds in the third. Where it cannot
    be told what to leave out, the answer asks, and serves nothing.
    Raises `ClientGone` when no one waits for the answer any more.
    """
    if question.plain:
        reply = yield from chef.reply(question, deadline)
    else:
        reply = yield from _chefs_answer(question, chef, deadline)
    deadline.require_client()
    return reply


def _chefs_answer(
    question: Question, chef: Chef, deadline: Deadline
) -> Generator[str, None, Reply]:
    try:
        order = read_order(question.messages, chef.cookbook, question.fields)
    except (Emergency, UnclearExclusion) as asking:
        return (yield from _said(question, asking.message, Completion("", "stop", 0, 0)))
    nothing = Completion("", "stop", 0, 0)
    is_recipe = order.about and not order.kept and _may_be_served(order, chef.cookbook)
    known = OF_ANIMALS if order.is_for_an_animal else None
    if not (known or is_recipe):
        known = kitchen_answer(question.messages, question.fields, order, chef.cookbook)
    if known:
        return (yield from _said(question, known, nothing))
    is_of_the_menu = bool(order.about and order.kept)
    if order.is_talk and order.is_guarded and not is_of_the_menu:
        last, whom = question.messages[-1].content, order.constraints.conditions
        seed = question.sampling.seed
        chosen = nothing if whom else chef.choose(last, "", ANSWERS, deadline, seed)
        text = of_whom(whom) if whom else talk(chosen)
        return (yield from _said(question, text, chosen))
    if is_recipe:
        text = recipes_text(order, chef.cookbook, recipes=question.recipes)
        return (yield from _said(question, text, nothing))
    if not order.is_for_dishes and (reply := (yield from _talked(question, order, chef, deadline))):
        return reply
    plan = chef.plan(order, deadline, question.sampling.seed)
    if is_of_the_menu:
        text = about_text(plan, order, chef.cookbook)
    else:
        text = answer_text(plan, order, chef.cookbook, recipes=question.recipes)
    return (yield from _said(question, text, completion_of(plan)))


def _talked(
    question: Question, order: Order, chef: Chef, deadline: Deadline
) -> Generator[str, None, Reply | None]:
    """Yield what the model says to a turn that may be talk; nothing and None where it is no talk.

    A model that writes menus was taught which turns are talk, and to answer them in set words: what
    it takes for an order, it begins to answer with dishes, and these are for the planner to choose.
    No other model was taught so: a food is named to it to be cooked.
    """
    if not chef.model.writes_menus:
        if not order.is_talk and (order.ingredients or order.dishes):
            return None
        return (yield from chef.reply(question, deadline))
    reply = whole(chef.reply(replace(question, stops=()), deadline))
    if named_dishes(reply.text, chef.cookbook):
        return None
    said = yield from _said(question, reply.text, reply.completion)
    return replace(said, guaranteed=False)


def _may_be_served(order: Order, cookbook: Cookbook) -> bool:
    """Tell whether the dishes that are named keep what must be kept, in whatever season."""
    kept = replace(order.constraints, season=order.named_season)
    return all(breach(kept, cookbook.dishes[name], cookbook) is None for name in order.dishes)


def _said(question: Question, text: str, completion: Completion) -> Generator[str, None, Reply]:
    """Yield a text that is there already, as far as its reader wants it."""
    stops, given = StopStrings(question.stops), []
    for piece in through(text.splitlines(keepends=True), stops):
        given.append(piece)
        yield piece
    if stops.is_done:
        completion = replace(completion, finish_reason="stop")
    return Reply("".join(given), completion, guaranteed=True, stopped_at=stops.found)


def whole(answering: Generator[str, None, Reply]) -> Reply:
    """Let an answer be written to its end, and return it."""
    while True:
        try:
            next(answering)
        except StopIteration as end:
            reply: Reply = end.value
            return reply


def several(questions: Sequence[Question], chef: Chef, deadline: Deadline) -> list[Reply]:
    """Return the answer to each question, as many as there is time for; the first has to be."""
    replies: list[Reply] = []
    for question in questions:
        try:
            replies.append(whole(answer(question, chef, deadline)))
        except DeadlineExceeded:
            if not replies:
                raise
            break
    return replies


def as_one(replies: Sequence[Reply]) -> Reply:
    """Return several answers to the same question as one, with the figures of all."""
    first, *others = replies
    if not others:
        return first
    completions = [reply.completion for reply in replies]
    completion = replace(
        together(completions),
        finish_reason=first.completion.finish_reason,
        prompt_tokens=first.completion.prompt_tokens,
        stopped_by_deadline=any(one.stopped_by_deadline for one in completions),
    )
    return replace(
        first, completion=completion, guaranteed=all(reply.guaranteed for reply in replies)
    )


def completion_of(plan: Plan) -> Completion:
    """Return the figures of all calls as those of one, cut off if meals are left unplanned."""
    completion = together([meal.completion for meal in plan.meals])
    return replace(
        completion,
        finish_reason="length" if plan.unplanned else "stop",
        stopped_by_deadline=bool(plan.unplanned),
        timings=replace(completion.timings, check_seconds=plan.check_seconds),
    )


def together(completions: Sequence[Completion]) -> Completion:
    """Return the figures of several completions as those of one."""
    return Completion(
        text="\n".join(one.text for one in completions),
        finish_reason="stop",
        prompt_tokens=sum(one.prompt_tokens for one in completions),
        completion_tokens=sum(one.completion_tokens for one in completions),
        timings=Timings(
            prompt_seconds=sum(one.timings.prompt_seconds for one in completions),
            prefill_seconds=sum(one.timings.prefill_seconds for one in completions),
            decode_seconds=sum(one.timings.decode_seconds for one in completions),
            first_token_seconds=completions[0].timings.first_token_seconds,
            cached_tokens=sum(one.timings.cached_tokens for one in completions),
        ),
        raw_timings=completions[-1].raw_timings,
    )


def warm_up(chef: Chef) -> None:
    """Ask for one token and plan one dinner, and so do what the first caller would wait for.

    That is: the words of the cookbook and what is known of the kitchen are put in order, what its
    dishes hold is summed up, what reads refusals and the model are loaded, the model's template is
    read, its memory is touched. A model that takes longer than `WARM_UP_SECONDS` is left as it is.
    """
    question = Question([Message("user", "卵なしの夕食")], Sampling(max_tokens=1), recipes=False)
    order = read_order(question.messages, chef.cookbook)
    of_the_kitchen = [Message("user", "卵の代わりになるものは？")]
    kitchen_answer(of_the_kitchen, NO_FIELDS, order, chef.cookbook)
    with suppress(DeadlineExceeded):
        whole(chef.reply(question, Deadline.after(WARM_UP_SECONDS)))
        chef.plan(order, Deadline.after(WARM_UP_SECONDS), seed=1)
