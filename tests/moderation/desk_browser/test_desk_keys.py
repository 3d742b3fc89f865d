"""Every key of the desk, in a real browser: two at most for a decision, the next case at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from store.tables import Case
from tests.moderation.desk.desk_world import World, picture
from tests.moderation.desk_browser.desk_screen import PATIENCE_MS, Screen, Served, decide_and_wait

NEXT_WITHIN_MS = 300
BUSY_MACHINE = 10  # a machine that does other things may take so many times longer


def case_of(served: Served, case_id: str) -> Case:
    """The case as it is now."""

    async def read(world: World) -> Case:
        async with world.db.session() as session:
            return await session.get_one(Case, case_id)

    return served.do(read(served.world))


def expect_case(page: Page, case_id: str) -> None:
    """That case is on the screen."""
    expect(page.locator("article.case")).to_have_attribute(
        "data-case", case_id, timeout=PATIENCE_MS
    )


def three_cases(served: Served) -> list[str]:
    """Cases that wait, the oldest first."""
    colours = ("#aa3333", "#33aa33", "#3333aa")
    return [
        served.do(served.world.case(f"wish {n}", minutes=30 - n, pictures=[picture(colour)]))
        for n, colour in enumerate(colours)
    ]


def test_n_starts_with_the_oldest_and_goes_on(served: Served, screen: Screen) -> None:
    """From the queue to the first case, then to the next; what was left goes back."""
    cases = three_cases(served)
    page = screen.enter("mei")
    expect(page.locator(".row")).to_have_count(3)
    page.keyboard.press("n")
    expect_case(page, cases[0])
    page.keyboard.press("n")
    expect_case(page, cases[1])
    assert case_of(served, cases[0]).claimed_by is None
    assert page.url.endswith(cases[1])


@pytest.mark.parametrize("key", ["v", " "], ids=["v", "space"])
def test_pictures_are_covered_until_asked_for(served: Served, screen: Screen, key: str) -> None:
    """Blurred at first, bare after the key, covered again after the key once more."""
    three_cases(served)
    page = screen.begin()
    image = page.locator(".pictures img").first
    expect(image).to_have_css("filter", re.compile("blur"))
    page.keyboard.press(key)
    expect(image).to_have_css("filter", "none")
    page.keyboard.press(key)
    expect(image).to_have_css("filter", re.compile("blur"))


def test_the_next_case_is_covered_again(served: Served, screen: Screen) -> None:
    """What was uncovered for one case stays covered for the next."""
    cases = three_cases(served)
    page = screen.begin()
    page.keyboard.press("v")
    page.keyboard.press("n")
    expect_case(page, cases[1])
    expect(page.locator(".pictures img").first).to_have_css("filter", re.compile("blur"))


@pytest.mark.parametrize(
    ("keys", "decision", "reason"),
    [
        ("aa", "approve", "within_rules"),
        ("a2", "approve", "false_alarm"),
        ("a3", "approve", "art_or_education"),
        ("rr", "reject", "violence"),  # what the case itself suggests
        ("r1", "reject", "sexual"),
        ("r9", "reject", "community_rules"),
        ("ar4", "reject", "hate"),  # one may change one's mind
    ],
)
def test_two_keys_decide(
    served: Served, screen: Screen, keys: str, decision: str, reason: str
) -> None:
    """The decision, then its reason by number, or the same key again for the usual one."""
    cases = three_cases(served)
    page = screen.begin()
    expect_case(page, cases[0])
    for key in keys:
        page.keyboard.press(key)
    expect_case(page, cases[1])
    case = case_of(served, cases[0])
    assert (case.decision, case.reason) == (decision, reason)


def test_every_reason_has_its_digit(served: Served, screen: Screen) -> None:
    """One to three release, one to nine refuse, in the order in which they are read."""
    three_cases(served)
    page = screen.begin()
    for kind, count in (("approve", 3), ("reject", 9)):
        digits = page.locator(f".{kind} [data-digit]")
        assert digits.evaluate_all("all => all.map(one => one.dataset.digit)") == [
            str(number) for number in range(1, count + 1)
        ]


def test_b_blocks_the_picture_with_the_refusal(served: Served, screen: Screen) -> None:
    """Ticked while the reasons are open, and by nothing else."""
    cases = three_cases(served)
    page = screen.begin()
    for key in "brbr":
        page.keyboard.press(key)
    expect_case(page, cases[1])
    for key in "brr":
        page.keyboard.press(key)
    expect_case(page, cases[2])
    assert [case_of(served, each).blocks_pictures for each in cases[:2]] == [True, False]


def test_escape_lets_go(served: Served, screen: Screen) -> None:
    """After it a digit decides nothing."""
    cases = three_cases(served)
    page = screen.begin()
    page.keyboard.press("r")
    expect(page.locator(".verdict.reject form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".verdict.reject form")).to_be_hidden()
    page.keyboard.press("3")
    expect_case(page, cases[0])
    assert case_of(served, cases[0]).state == "open"


@pytest.mark.parametrize("key", ["u", "z"])
def test_undo_brings_the_case_back(served: Served, screen: Screen, key: str) -> None:
    """One key while its seconds are counted down."""
    cases = three_cases(served)
    page = screen.begin()
    page.keyboard.press("r")
    page.keyboard.press("r")
    expect_case(page, cases[1])
    expect(page.locator(".toast .left")).to_have_text(re.compile(r"^\d+ s$"))
    page.keyboard.press(key)
    expect_case(page, cases[0])
    assert case_of(served, cases[0]).state == "open"


def test_the_seconds_to_undo_run_out(served: Served, screen: Screen) -> None:
    """They are counted in the page, and the offer goes when they are over."""
    cases = three_cases(served)
    page = screen.begin()
    for key in "aa":
        page.keyboard.press(key)
    expect_case(page, cases[1])
    page.evaluate("document.querySelector('.left').dataset.seconds = 1")
    expect(page.locator(".told")).to_have_count(0)


def test_g_greys_and_stays(served: Served, screen: Screen) -> None:
    """Whoever wants less of it sees grey pictures, also in the next case."""
    cases = three_cases(served)
    page = screen.begin()
    for key in "gv":
        page.keyboard.press(key)
    image = page.locator(".pictures img").first
    expect(image).to_have_css("filter", "grayscale(1)")
    page.keyboard.press("n")
    expect_case(page, cases[1])
    page.keyboard.press("v")
    expect(page.locator(".pictures img").first).to_have_css("filter", "grayscale(1)")


def test_s_takes_others_like_it_along(served: Served, screen: Screen) -> None:
    """Only while their list is open; one undo takes all of them back."""
    alike = [
        served.do(served.world.case(f"same {n}", pdq="0f" * 32, minutes=9 - n)) for n in range(3)
    ]
    page = screen.begin()
    page.locator(".bulk").wait_for()
    for key in "srr":
        page.keyboard.press(key)
    expect(page.locator(".empty")).to_be_visible()
    assert {case_of(served, each).state for each in alike} == {"decided"}
    page.keyboard.press("u")
    expect_case(page, alike[0])
    assert {case_of(served, each).state for each in alike} == {"open"}
    for key in "rr":
        page.keyboard.press(key)
    expect_case(page, alike[1])
    assert [case_of(served, each).state for each in alike] == ["decided", "open", "open"]


def test_c_writes_a_note_and_letters_stay_letters(served: Served, screen: Screen) -> None:
    """In a field no key decides; Escape leaves it."""
    cases = three_cases(served)
    page = screen.begin()
    page.keyboard.press("c")
    page.keyboard.type("a r n u rr")
    expect(page.locator("#note")).to_have_value("a r n u rr")
    page.locator(".note button").click()
    expect(page.locator("#notes li")).to_contain_text("a r n u rr")
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect_case(page, cases[1])
    assert case_of(served, cases[0]).state == "open"


def test_questions_and_the_queue_have_their_keys(served: Served, screen: Screen) -> None:
    """? lists the keys, Escape closes the list, q leads to the queue."""
    three_cases(served)
    page = screen.begin()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("a")  # meant for the list, not for the case
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator(".verdict[open]")).to_have_count(0)
    page.keyboard.press("q")
    expect(page.locator(".rows")).to_be_visible()


def test_the_next_case_is_there_at_once(served: Served, screen: Screen) -> None:
    """From the second key to the next case with its picture; the benchmark holds it to 300 ms, here
    a busy machine may take longer."""
    for number in range(8):
        served.do(served.world.case(f"wish {number}", minutes=30 - number))
    page = screen.begin()
    took = [decide_and_wait(page) for _ in range(6)]
    assert sorted(took)[3] < NEXT_WITHIN_MS * BUSY_MACHINE
