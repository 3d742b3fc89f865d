"""Lists of known pictures: files with versions, written by several at once, re-read while running."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from moderation.errors import ListError
from moderation.lists import HashLists, Listed, from_hashes, read_list
from moderation.pictures.fingerprints import fingerprint
from moderation.pictures.known import KnownPictures
from moderation.pictures.parts import Look, Strictness
from moderation.policy import Category, Decision, Verdict

from .conftest import encoded, textured


def listed(seed: int, decision: Decision = Decision.BLOCK, **more: str) -> Listed:
    """A picture of ``textured`` as a list has it."""
    image = textured(seed)
    made = fingerprint(encoded(image), image)
    return Listed(category=Category.VIOLENCE, decision=decision, **{**vars(made), **more})


def met(lists: HashLists, seed: int) -> Verdict:
    """What the lists say of a picture of ``textured``."""
    image = textured(seed)
    return KnownPictures(lists).check(Look(data=encoded(image), image=image), Strictness())


def test_what_is_on_a_list_follows_and_nothing_else(tmp_path: Path) -> None:
    """The finding names list and entry; review is review, a stranger is allowed."""
    lists = HashLists(tmp_path)
    assert lists.add("gore", [listed(1), listed(2, Decision.REVIEW)]) == 2
    verdict = met(lists, 1)
    assert (verdict.decision, verdict.categories) == (Decision.BLOCK, (Category.VIOLENCE,))
    assert verdict.rule_ids == (f"list.gore.{listed(1).id}",)
    assert verdict.findings[0].score == 1.0
    assert met(lists, 2).decision is Decision.REVIEW
    assert met(lists, 3).decision is Decision.ALLOW


def test_the_very_file_is_known_by_sha256_alone(tmp_path: Path) -> None:
    """As lists of others give it, and for pictures too plain for anything else."""
    lists = HashLists(tmp_path)
    lists.add("exact", [listed(1, pdq="", crops="")])
    assert met(lists, 1).decision is Decision.BLOCK
    darker = textured(1).point(lambda value: value * 0.9)
    look = Look(data=encoded(darker), image=darker)
    assert KnownPictures(lists).check(look, Strictness()).decision is Decision.ALLOW


def test_a_list_on_trial_is_noted_and_nothing_follows(tmp_path: Path) -> None:
    """The finding begins with ``shadow.`` and allows."""
    lists = HashLists(tmp_path)
    lists.add("new", [listed(1)], is_on_trial=True)
    verdict = met(lists, 1)
    assert (verdict.decision, verdict.scores) == (Decision.ALLOW, {})
    assert verdict.rule_ids == (f"shadow.list.new.{listed(1).id}",)
    assert lists.edition.categories == frozenset()


def test_adding_twice_is_adding_once_and_removing_undoes_it(tmp_path: Path) -> None:
    """An entry's id comes from its hashes; whoever was first stays."""
    lists = HashLists(tmp_path)
    assert lists.add("gore", [listed(1, added_by="ann")]) == 1
    assert lists.add("gore", [listed(1, added_by="bob"), listed(2)]) == 1
    (first, second) = lists.edition.lists[0].pictures
    assert (first.added_by, second.id) == ("ann", listed(2).id)
    assert lists.remove("gore", [listed(1).id, "0" * 12]) == 1
    assert met(lists, 1).decision is Decision.ALLOW
    assert met(lists, 2).decision is Decision.BLOCK


def test_every_change_has_a_version(tmp_path: Path) -> None:
    """The same content has the same one; no list has none."""
    lists = HashLists(tmp_path)
    assert (lists.edition.version, KnownPictures(lists).version) == ("", "")
    lists.add("gore", [listed(1)])
    one = lists.edition.version
    lists.add("gore", [listed(2)])
    two = lists.edition.version
    lists.remove("gore", [listed(2).id])
    assert one != two
    assert lists.edition.version == one
    assert KnownPictures(lists).version == f"lists-{one}"


def test_a_change_by_hand_counts_while_running(tmp_path: Path) -> None:
    """Another process's lists see it; a mistake leaves what was in force and is logged."""
    lists = HashLists(tmp_path, reload_seconds=0.0)
    known = KnownPictures(lists)
    image = textured(1)
    look = Look(data=encoded(image), image=image)
    assert known.check(look, Strictness()).decision is Decision.ALLOW
    HashLists(tmp_path).add("gore", [listed(1)])
    assert known.check(look, Strictness()).decision is Decision.BLOCK
    (tmp_path / "gore.tsv").write_text("no such line\n", "utf-8")
    assert known.check(look, Strictness()).decision is Decision.BLOCK
    (tmp_path / "gore.tsv").unlink()
    assert known.check(look, Strictness()).decision is Decision.ALLOW


def test_several_who_add_at_once_lose_nothing(tmp_path: Path) -> None:
    """Whoever writes holds a lock; readers see a list before or after."""
    pictures = [Listed(category=Category.HATE, decision=Decision.BLOCK, sha256=f"{n:064x}")
                for n in range(64)]  # fmt: skip
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda each: HashLists(tmp_path).add("x", [each]), pictures))
    assert sum(counts) == 64
    assert {each.id for each in HashLists(tmp_path).edition.lists[0].pictures} == {
        each.id for each in pictures
    }
    assert [path.name for path in tmp_path.glob("*") if path.suffix == ".tsv"] == ["x.tsv"]


def test_hashes_of_others_are_taken_over(tmp_path: Path) -> None:
    """One a line, remarks and further columns left out; the kind is told, since they look alike."""
    made = fingerprint(b"", textured(1))
    lines = ["# theirs", "", f"{made.pdq.upper()}, 2026-01-01", f"{made.pdq} again"]
    entries = list(
        from_hashes(lines, kind="pdq", category=Category.SEXUAL, decision=Decision.REVIEW)
    )
    assert {(each.sha256, each.pdq) for each in entries} == {("", made.pdq)}
    lists = HashLists(tmp_path)
    assert lists.add("bank", entries) == 1
    assert met(lists, 1).categories == (Category.SEXUAL,)
    with pytest.raises(ListError) as caught:
        list(
            from_hashes(["", "xyz"], kind="pdq", category=Category.SEXUAL, decision=Decision.BLOCK)
        )
    assert (caught.value.key, caught.value.args_["line"]) == ("hash-list-bad-hash", 2)


def test_what_is_exported_can_be_imported(tmp_path: Path) -> None:
    """The text is the file."""
    lists = HashLists(tmp_path / "ours")
    lists.add("gore", [listed(1, added_by="ann")])
    (tmp_path / "theirs.tsv").write_text(lists.export("gore"), "utf-8")
    assert read_list(tmp_path / "theirs.tsv").pictures == lists.edition.lists[0].pictures


@pytest.mark.parametrize(
    "line",
    ["", "x\ty", "0123456789ab\tviolence\tallow\t{h}\t-\t-\t-", "zz\tviolence\tblock\t{h}\t-\t-\t-",
     "0123456789ab\tnothing\tblock\t{h}\t-\t-\t-", "0123456789ab\tviolence\tblock\t-\t-\t-\t-",
     "0123456789ab\tviolence\tblock\t{h}z\t-\t-\t-", "0123456789ab\tviolence\tblock\t{h}\t-\t-\ta b"],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    """The operator reads which; a blank one is none."""
    path = tmp_path / "gore.tsv"
    path.write_text("# remark\n" + line.format(h="0" * 64) + "\n", "utf-8")
    if not line:
        assert read_list(path).pictures == ()
        return
    with pytest.raises(ListError) as caught:
        HashLists(tmp_path).edition  # noqa: B018  (reading it is the test)
    assert (caught.value.key, caught.value.args_["line"]) == ("hash-list-bad-row", 2)


@pytest.mark.parametrize("name", ["", "../evil", "A", "a b", "x" * 41])
def test_a_list_has_a_plain_name(tmp_path: Path, name: str) -> None:
    """It is a file's."""
    with pytest.raises(ListError) as caught:
        HashLists(tmp_path).add(name, [listed(1)])
    assert caught.value.key == "hash-list-bad-name"
