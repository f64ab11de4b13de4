"""Who may answer a held-out request: a model alone, the service around it, or no model at all."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from chef_llm.chat.chef import Chef, Question
from chef_llm.chat.service import answer, whole
from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.engines import Deadline
from chef_llm.errors import NoMenu
from chef_llm.menus.title import Title
from chef_llm.reading.free_text import read_request
from chef_llm.reading.order import DEFAULT_SERVINGS
from chef_train.heldout import Case

SECONDS: Final = 60
# Answers a case: the text, and whether it ended by itself.
Answerer = Callable[[Case], tuple[str, bool]]


def model_alone(chef: Chef) -> Answerer:
    """Answer as the model does, decoding freely: no grammar, planner or card."""

    def answer_case(case: Case) -> tuple[str, bool]:
        question = Question(case.messages, chef.model.sampling, recipes=False)
        reply = whole(chef.reply(question, Deadline.after(SECONDS)))
        return reply.text, reply.completion.finish_reason == "stop"

    return answer_case


def service(chef: Chef) -> Answerer:
    """Answer as the chat routes do: with guarantees where something is left out, and cards."""

    def answer_case(case: Case) -> tuple[str, bool]:
        question = Question(case.messages, replace(chef.model.sampling, seed=1))
        try:
            reply = whole(answer(question, chef, Deadline.after(SECONDS)))
        except NoMenu as refusal:
            return str(refusal), True
        return reply.text, reply.completion.finish_reason == "stop"

    return answer_case


def retrieval(cookbook: Cookbook) -> Answerer:
    """Answer without a model: of each role the dish that uses most of the ingredients named."""

    def answer_case(case: Case) -> tuple[str, bool]:
        words = "\n".join(turn.content for turn in case.messages if turn.role == "user")
        reading = read_request(words, cookbook)
        if reading.dishes:
            dish = cookbook.dishes[reading.dishes[0]]
            return f"{dish.name}の作り方です。\n料理: {dish.name}\nポイント: {dish.tip}", True
        missing = set(reading.ingredients)
        chosen: dict[Role, Dish] = {}
        for role in (Role.MAIN, Role.SIDE, Role.SOUP):
            of_role = [dish for dish in cookbook.dishes.values() if dish.role == role]
            chosen[role] = max(of_role, key=lambda dish: len(missing & dish.ingredient_names))
            missing -= chosen[role].ingredient_names
        chosen[Role.STAPLE] = cookbook.dishes["ご飯"]
        title = Title(reading.ingredients, reading.servings or DEFAULT_SERVINGS)
        lines = [f"{role.value}: {chosen[role].name}" for role in Role]
        return "\n".join([str(title), *lines, f"ポイント: {chosen[Role.MAIN].tip}"]), True

    return answer_case
