"""The loss of kondate's training: how far the model is from the shares of what would do."""

from pathlib import Path

import pytest
import torch

from chef_train.train import CHECKPOINT, Kondate, Recipe, start_from

VOCABULARY = 16
IDS = torch.tensor([[1, 5, 9, 3], [2, 7, 4, 8]])
POSITIONS = torch.arange(4)[None]
# Behind the second piece of the first example and the third of the second.
ANSWERS = torch.tensor([1, 6])
PIECES = torch.arange(VOCABULARY).repeat(2, 1)


def small_model() -> Kondate:
    torch.manual_seed(1)
    return Kondate(Recipe(width=8, layers=1, heads=1), VOCABULARY)


def loss_of(model: Kondate, shares: torch.Tensor) -> float:
    with torch.no_grad():
        return float(model(IDS, POSITIONS, ANSWERS, PIECES, shares))


def own_shares(model: Kondate) -> torch.Tensor:
    """Return the model's own shares, by the loss of each piece alone: -log of its share."""
    rows = []
    for row in range(len(ANSWERS)):
        losses = []
        for piece in range(VOCABULARY):
            shares = torch.zeros(1, VOCABULARY)
            shares[0, piece] = 1.0
            with torch.no_grad():
                loss = model(IDS, POSITIONS, ANSWERS[row : row + 1], PIECES[:1], shares)
            losses.append(-loss)
        rows.append(torch.stack(losses).exp())
    return torch.stack(rows)


def test_a_model_that_has_the_shares_has_no_loss_whatever_is_left_to_chance() -> None:
    model = small_model()
    shares = own_shares(model)

    assert torch.allclose(shares.sum(1), torch.ones(2), atol=1e-5)
    assert abs(loss_of(model, shares)) < 1e-5


def test_other_shares_cost_and_a_certain_piece_its_logarithm() -> None:
    model = small_model()
    mine = own_shares(model)
    certain = torch.zeros(2, VOCABULARY)
    certain[:, 3] = 1.0

    assert loss_of(model, mine.roll(5, dims=1)) > 1e-4
    assert abs(loss_of(model, certain) + float(mine[:, 3].log().mean())) < 1e-5


def test_what_stands_behind_a_piece_changes_nothing_before_it() -> None:
    model = small_model()
    shares = own_shares(model)
    later = IDS.clone()
    later[0, 2:] = 11
    later[1, 3] = 11
    with torch.no_grad():
        assert abs(float(model(later, POSITIONS, ANSWERS, PIECES, shares))) < 1e-5


def test_a_run_goes_on_from_the_weights_of_an_earlier_one(tmp_path: Path) -> None:
    earlier = small_model()
    torch.save({"model": earlier.state_dict()}, tmp_path / CHECKPOINT)
    torch.manual_seed(2)
    model = Kondate(Recipe(width=8, layers=1, heads=1), VOCABULARY)

    start_from(model, tmp_path)

    assert torch.equal(model.wte.weight, earlier.wte.weight)
    assert torch.equal(model.h[0].c_fc.weight, earlier.h[0].c_fc.weight)


def test_a_run_of_another_shape_is_no_start(tmp_path: Path) -> None:
    torch.save({"model": small_model().state_dict()}, tmp_path / CHECKPOINT)
    wider = Kondate(Recipe(width=16, layers=1, heads=1), VOCABULARY)

    with pytest.raises(RuntimeError, match="size mismatch"):
        start_from(wider, tmp_path)
