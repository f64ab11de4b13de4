"""The loss of kondate's training: how far the model is from the shares of what would do."""

from pathlib import Path

import pytest
import torch
from gguf import GGUFReader, GGUFWriter

from chef_llm.models.catalogue import find_model
from chef_train.train import Kondate, Recipe, gguf_name, start_from

VOCABULARY = 16
PIECES_OF_WORDS = ["<unk>", "<s>", "鯛", "めし", "飯", *"あいうえおかきくけこさ"]
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


def written(model: Kondate, pieces: list[str], path: Path) -> Path:
    """Write a model as the GGUF file that a run leaves."""
    writer = GGUFWriter(path, "gpt2")
    writer.add_token_list(pieces)
    for name, weights in model.state_dict().items():
        writer.add_tensor(gguf_name(name), weights.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_a_run_goes_on_from_the_weights_of_an_earlier_one(tmp_path: Path) -> None:
    earlier = small_model()
    path = written(earlier, PIECES_OF_WORDS, tmp_path / "earlier.gguf")
    torch.manual_seed(2)
    model = Kondate(Recipe(width=8, layers=1, heads=1), VOCABULARY)

    start_from(model, PIECES_OF_WORDS, path)

    for name, weights in earlier.state_dict().items():
        assert torch.equal(model.state_dict()[name], weights), name


def test_a_piece_that_the_earlier_run_lacked_begins_as_the_mean_of_its_parts(
    tmp_path: Path,
) -> None:
    earlier = small_model()
    path = written(earlier, PIECES_OF_WORDS, tmp_path / "earlier.gguf")
    pieces = ["鯛めし", *PIECES_OF_WORDS[:5], "鯛", "め"]
    model = Kondate(Recipe(width=8, layers=1, heads=1), len(pieces))

    start_from(model, pieces, path)

    sea_bream, rice = PIECES_OF_WORDS.index("鯛"), PIECES_OF_WORDS.index("めし")
    mean = (earlier.wte.weight[sea_bream] + earlier.wte.weight[rice]) / 2
    assert torch.allclose(model.wte.weight[0], mean)
    assert torch.equal(model.wte.weight[6], earlier.wte.weight[sea_bream])


def test_a_run_of_another_shape_is_no_start(tmp_path: Path) -> None:
    path = written(small_model(), PIECES_OF_WORDS, tmp_path / "earlier.gguf")
    wider = Kondate(Recipe(width=16, layers=1, heads=1), VOCABULARY)

    with pytest.raises(RuntimeError, match="size mismatch"):
        start_from(wider, PIECES_OF_WORDS, path)


def test_every_tensor_has_the_name_that_llama_cpp_gives_it() -> None:
    file = GGUFReader(find_model("kondate").path)
    names = {gguf_name(name) for name in Kondate(Recipe(), VOCABULARY).state_dict()}
    assert names == {tensor.name for tensor in file.tensors} - {"output.weight"}
