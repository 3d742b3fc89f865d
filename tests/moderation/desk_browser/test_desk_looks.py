"""How the desk looks and what it asks for: phones, the dark, Chinese, nothing from elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from moderation.policy import Category
from store.tables import DeskSession, RequestState, now
from tests.moderation.desk.desk_world import World, found, picture
from tests.moderation.desk_browser.conftest import Opening
from tests.moderation.desk_browser.desk_screen import Screen, Served

PHONE = (360, 740)
TOUCH_PIXELS = 40  # what a thumb hits
READABLE = 4.5  # contrast of text, WCAG 2 AA


def fill(served: Served) -> None:
    """A case of each kind, a delivered result, somebody's note."""
    world = served.world
    pictures = [picture("#803030"), picture("#306080")]
    served.do(world.case(minutes=600, pictures=pictures, prompt="a knight with a sword, fine"))
    served.do(
        world.case(
            "a word that is long, and another", stage="wish", minutes=40, category="hate",
            findings=[found(Category.HATE, rule="en.hate", span=(2, 6), matched="word")],
        )
    )  # fmt: skip
    served.do(world.case(kind="appeal", stage="wish", minutes=20, pictures=[]))
    served.do(world.ask("a boat", state=RequestState.DELIVERED, pictures=[picture()]))


PAGES = ("/", "/p/club", "/p/club/next", "/p/club/results", "/p/club/statistics",
         "/p/club/people/lin", "/audit", "/nowhere")  # fmt: skip


def visit_all(screen: Screen, who: str = "ada") -> None:
    """Every page there is, and a decision with its undo."""
    page = screen.begin(who) if screen.page.url == "about:blank" else screen.page
    for key in "vga1":
        page.keyboard.press(key)
    expect(page.locator(".undo")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".undo")).to_have_count(0)
    for path in PAGES:
        screen.go(path)
        expect(page.locator("main")).not_to_be_empty()


def sign_in_to_the_club(screen: Screen, who: str = "ada") -> Page:
    """An administrator sees all places first; on to the club."""
    screen.enter(who)
    screen.go("/p/club/next")
    screen.page.wait_for_load_state()
    return screen.page


def test_nothing_is_asked_of_another_host(served: Served, screen: Screen) -> None:
    """Every request of every page goes to the desk itself."""
    fill(served)
    sign_in_to_the_club(screen)
    visit_all(screen)
    assert {urlsplit(url).netloc for url in screen.asked} == {urlsplit(served.world.url).netloc}
    assert len(screen.asked) > 20


def test_no_page_breaks_its_own_rules(served: Served, screen: Screen) -> None:
    """The console stays empty: nothing inline, no script that fails, no file that is missing; but
    for the page that is not there."""
    fill(served)
    sign_in_to_the_club(screen)
    visit_all(screen)
    assert [told for told in screen.complaints if "404" not in told] == []
    assert sum("404" in told for told in screen.complaints) <= 1


def test_a_violation_would_be_seen(served: Served, screen: Screen) -> None:
    """An inline style is refused by the browser, and the test above would hear of it."""
    screen.enter("mei")
    screen.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">')")
    screen.page.locator("p").last.wait_for(state="attached")
    assert any("Content Security Policy" in told for told in screen.complaints)


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling(
    served: Served, open_screen: Opening, path: str
) -> None:
    """Every page fits 360 pixels."""
    fill(served)
    screen = open_screen(size=PHONE)
    sign_in_to_the_club(screen)
    screen.go(path)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_phone_decides_by_thumb(served: Served, open_screen: Opening) -> None:
    """Show, refuse, a reason: on the screen without scrolling, and large enough to hit."""
    fill(served)
    screen = open_screen(size=PHONE)
    page = sign_in_to_the_club(screen)
    page.locator(".reveal").click()
    expect(page.locator(".pictures img").first).to_have_css("filter", "none")
    page.locator(".verdict.reject summary").click()
    reasons = page.locator(".verdict.reject form button")
    for each in (page.locator(".verdict.reject summary"), reasons.first, reasons.last):
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= TOUCH_PIXELS
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE[0]
        assert 0 <= box["y"] <= box["y"] + box["height"] <= PHONE[1]
    reasons.last.click()
    expect(page.locator(".undo")).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_words_are_readable_in_both_colours(
    served: Served, open_screen: Opening, colours: str
) -> None:
    """Every text of a case, the queue and the statistics has a contrast of 4.5 to 1 or more."""
    fill(served)
    screen = open_screen(colours=colours)
    page = sign_in_to_the_club(screen)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 150) is (colours == "dark")
    for path in ("/p/club/next", "/p/club", "/p/club/statistics", "/p/club/people/lin"):
        screen.go(path)
        page.wait_for_load_state()
        assert faint_words(page, READABLE) == []
        assert faint_words(page, 21.0) != []  # no text is that plain: the measure does measure


def faint_words(page: Page, least: float) -> list[str]:
    """Texts whose colour is too near to what is behind them."""
    faint: list[str] = page.evaluate(CONTRAST, least)
    return faint


CONTRAST = """(least) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b]
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
    const behind = (element) => {
        for (let each = element; each; each = each.parentElement) {
            const colour = rgba(getComputedStyle(each).backgroundColor);
            if (colour[3] > 200) return colour;
        }
        return [255, 255, 255, 255];
    };
    const faint = [];
    for (const element of document.querySelectorAll("body *:not(kbd, .sr, option)")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || !element.checkVisibility({ checkOpacity: true })) continue;
        const style = getComputedStyle(element);
        const paint = element instanceof SVGElement ? style.fill : style.color;
        const [a, b] = [light(rgba(paint)), light(behind(element))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < least) faint.push(`${element.textContent.trim()} ${paint}`);
    }
    return faint;
}"""


def test_the_chosen_colours_beat_the_devices(served: Served, open_screen: Opening) -> None:
    """Automatic, light, dark, in turn, by one button; it is kept in this browser."""
    screen = open_screen(colours="dark")
    page = screen.enter("mei")
    grounds = []
    for _ in range(3):
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.locator('button[name="theme"]').click()
        page.wait_for_load_state()
    assert grounds[0] == grounds[2] != grounds[1]


def test_chinese_by_browser_by_button_and_in_the_texts(
    served: Served, open_screen: Opening
) -> None:
    """A browser that asks for Chinese gets it; a button changes it; nothing stays untranslated."""
    fill(served)
    screen = open_screen(locale="zh-CN")
    page = sign_in_to_the_club(screen)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".verdict.reject summary")).to_contain_text("拒绝")
    for path in PAGES:
        screen.go(path)
        words = page.locator("body").inner_text()
        assert not re.findall(r"desk-[a-z]+", words)
        assert "暂停" in words or "审核台" in words
    screen.go("/p/club")
    page.locator('button[name="language"]').click()
    expect(page.locator("h1")).to_have_text("Queue")


def test_a_session_that_is_over_leads_to_the_door(served: Served, screen: Screen) -> None:
    """Also from a key within a page; nothing is decided."""
    fill(served)
    page = screen.begin()

    async def end(world: World) -> None:
        async with world.db.session() as session:
            await session.execute(update(DeskSession).values(expires_at=now()))

    served.do(end(served.world))
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.wait_for_url("**/sign-in")
    expect(page.locator("h1")).to_have_text("Sign in")


def test_a_used_link_leads_nowhere(served: Served, open_screen: Opening) -> None:
    """The second browser that opens it reads so."""
    secret = served.do(served.world.link("mei"))
    address = f"{served.world.url}/enter/{secret}"
    first, second = open_screen().page, open_screen().page
    first.goto(address)
    second.goto(address)
    first.locator("button.big").click()
    first.locator(".top nav").wait_for()
    second.locator("button.big").click()
    expect(second.locator("[role=alert]")).to_contain_text("has been used")


def test_two_moderators_side_by_side_get_two_cases(served: Served, open_screen: Opening) -> None:
    """Each holds their own; what one decides the other never sees."""
    fill(served)
    mei, tom = open_screen().begin("mei"), open_screen().begin("tom")
    held = [page.locator("article.case").get_attribute("data-case") for page in (mei, tom)]
    assert held[0] != held[1]
    mei.keyboard.press("n")
    expect(mei.locator("article.case")).not_to_have_attribute("data-case", held[0] or "")
    assert mei.locator("article.case").get_attribute("data-case") != held[1]


def test_a_picture_is_in_no_cache(served: Served, screen: Screen) -> None:
    """Whoever goes back asks for it again."""
    fill(served)
    page = screen.begin()
    (path,) = {each.get_attribute("src") for each in page.locator(".pictures img").all()[:1]}
    with page.expect_response(f"**{path}") as told:
        page.reload()
    assert told.value.headers["cache-control"] == "no-store"
    assert not told.value.from_service_worker
