"""An evaluation under way: found again after a reload, seen in a second browser, stopped from there."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Server, another
from tests.web.scripted import ScriptedAssistant


def test_running_set_is_found_after_a_reload_and_stopped_from_another_browser(
    tab: Page, browser: Browser, serve_page: Server, tmp_path: Path
) -> None:
    address = serve_page(lambda: ScriptedAssistant({"a.txt": "One."}, delay=0.2))
    rows = [{"id": str(number), "question": f"About {number} One.", "answers": ["One."]} for number in range(20_000)]
    (tmp_path / "long.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    tab.goto(address)
    tab.get_by_role("tab", name="Evaluate").click()
    expect(tab.locator("#stop-run")).to_be_hidden()
    tab.set_input_files("#drop-sets input", tmp_path / "long.jsonl")
    expect(tab.locator("#set input")).to_have_value("long.jsonl")
    tab.click("#run-set")
    expect(tab.locator("#run-job progress")).to_be_visible()
    tab.reload()
    tab.get_by_role("tab", name="Evaluate").click()
    expect(tab.locator("#run-job")).to_contain_text("of 20,000")
    with another(browser) as other:
        other.goto(address)
        other.get_by_role("tab", name="Evaluate").click()
        expect(other.locator("#run-job progress")).to_be_visible()
        other.click("#stop-run")
        expect(tab.locator("#run-job")).to_contain_text("Run the set again to go on with the next.")
    expect(tab.locator("#stop-run")).to_be_hidden()
