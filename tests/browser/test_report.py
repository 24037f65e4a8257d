"""The report as a reader meets it: in a browser, without network, on a desktop and on a phone."""

import zipfile

import pandas as pd
import pytest

LOADED = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def results(finished):
    return finished.folder / "results/tiny"


@pytest.fixture
def claims(results):
    return pd.read_csv(results / "tables/claims.csv", dtype=str, keep_default_na=False)


@pytest.fixture
def opened(page, report):
    """The report, at its first page."""
    page.goto(report.as_uri())
    page.locator(".study h1").wait_for()
    return page


def test_the_verdicts_are_the_first_thing_shown(opened, claims, screenshot):
    """As a picture, and then as a table."""
    content = opened.locator("#app .study")
    assert "verdicts" in content.locator("h1").inner_text()
    first, second = content.locator("table, img").all()[:2]
    assert first.get_attribute("alt") == "All claims"
    assert second.get_attribute("aria-label") == "Verdicts on the claims"
    place = first.bounding_box()
    assert place["y"] >= 0 and place["y"] + 100 < opened.viewport_size["height"]
    screenshot("report")

    rows = content.locator(".claims tbody tr").all_inner_texts()
    assert len(rows) == len(claims)
    for text, claim in zip(rows, claims.itertuples(), strict=True):
        assert claim.id in text and claim.statement in text and claim.verdict in text and claim.reason in text


def test_the_first_page_has_a_section_per_experiment_with_figures_and_captions(opened, results, claims):
    study = opened.locator("#app .study")
    assert [title for title in study.locator("h2").all_inner_texts()] == [
        "Report dense: dense autoencoders",
        "Report conv: a convolutional denoiser",
        "Other experiments",
        "Baselines",
        "Cost and speed",
        "Data",
        "Software and hardware",
        "Resolved configuration",
    ]
    figures = study.locator("figure")
    assert figures.count() == len(list((results / "figures").rglob("*.png")))
    assert figures.locator("img").evaluate_all(f"images => images.map({LOADED})") == [True] * figures.count()
    captions = figures.locator("figcaption").all_inner_texts()
    assert all(len(caption) > 40 for caption in captions)
    of_experiments = [caption for caption in captions if "Found here" in caption and "dB" in caption]
    assert len(of_experiments) == len(list((results / "figures").glob("*/*.png")))
    told = study.locator("figcaption", has_text="Figure 2 of report conv").inner_text()
    (published,) = claims.loc[claims["id"] == "conv-1", ["verdict", "reason"]].values
    assert "Published: 20.38" in told and published[0].capitalize() in told and published[1] in told

    metrics = pd.read_csv(results / "tables/metrics.csv")
    best = metrics.loc[metrics["variance"] == 0.2, "psnr"].max()
    assert f"{best:.2f}" in study.get_by_role("region", name="Baselines").inner_text()
    data = study.get_by_text("Licence: CC BY 4.0.")
    data.scroll_into_view_if_needed()
    assert data.is_visible()
    study.get_by_text("All keys with their values").click()
    assert "learning_rate: 0.01" in study.get_by_role("region", name="Resolved configuration").inner_text()


def test_nothing_of_the_first_page_is_wider_than_the_screen(opened):
    study = opened.locator("#app .study")
    overhang = study.evaluate("study => study.scrollWidth - study.clientWidth")
    right = study.bounding_box()
    assert overhang <= 1
    assert right["x"] >= 0 and right["x"] + right["width"] <= opened.viewport_size["width"] + 1


def test_every_result_opens_from_the_menu_with_its_caption(opened, screenshot):
    menu = opened.locator("#app nav").first
    seen = set()
    for category, subcategories in opened.evaluate("categories").items():
        for subcategory, paths in subcategories.items():
            home(menu)
            menu.get_by_text(category, exact=True).click()
            if len(subcategories) > 1:
                menu.get_by_text(subcategory, exact=True).click()
            rows = menu.locator("tbody tr")
            assert rows.count() == len(paths), f"{category}, {subcategory}: each result needs labels of its own"
            for row in rows.all():
                row.locator("a").first.click()
                seen.add(shown(opened))
    assert seen == set(opened.evaluate("Object.keys(results)"))
    screenshot("report-result")
    captions = opened.evaluate("Object.values(results).map(result => result.caption)")
    assert all(len(caption) > 60 for caption in captions)


def home(menu):
    """Back to the list of categories."""
    menu.locator("nav a").first.click()
    menu.get_by_text("Results", exact=True).wait_for()


def shown(page) -> str:
    """Path of the result that is shown, once it is."""
    path = page.evaluate("app.state.resultPath")
    if path.endswith(".png"):
        image = page.locator("#app > div > div.grow img")
        image.evaluate("image => image.decode()")
        assert image.evaluate(LOADED)
        assert image.get_attribute("src") == page.evaluate("path => results[path].data_uri", path)
    else:
        assert page.frame_locator("#app iframe").locator("h1").inner_text()
    return path


def test_results_can_be_told_apart_by_data_set_and_model(opened):
    labels = opened.evaluate(
        "Object.entries(results).filter(([path]) => path.includes('/figures/')).map(([, r]) => r.labels)"
    )
    assert all("digits" in str(own.values()) for own in labels if "figure" not in own)
    assert any("3 layers, 5 layers" in str(own.values()) for own in labels)


@pytest.mark.parametrize(
    ("table", "column", "value"), [("claims", "verdict", "reproduced"), ("metrics", "model", "conv")]
)
def test_tables_can_be_filtered(page, results, screenshot, table, column, value):
    page.goto((results / f"pages/{table}.html").as_uri())
    rows = pd.read_csv(results / f"tables/{table}.csv", dtype=str, keep_default_na=False)
    wanted = rows[rows[column] == value]
    assert page.locator("tbody tr").count() == len(rows)
    page.get_by_label(column, exact=True).select_option(value)
    visible = page.locator("tbody tr:visible")
    assert visible.count() == len(wanted) < len(rows)
    assert page.get_by_role("status").inner_text() == f"{len(wanted)} of {len(rows)} rows"
    assert all(value in text for text in visible.all_inner_texts())
    screenshot(f"table-{table}")
    page.get_by_label(column, exact=True).select_option("")
    assert visible.count() == len(rows)


def test_a_table_can_be_saved_as_csv(page, results):
    page.goto((results / "pages/claims.html").as_uri())
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").click()
    assert saved.value.path().read_bytes() == (results / "tables/claims.csv").read_bytes()


def test_the_zipped_report_opens_too(page, report, tmp_path):
    with zipfile.ZipFile(report.with_suffix(".zip")) as archive:
        archive.extractall(tmp_path)
    page.goto((tmp_path / "report/report.html").as_uri())
    page.locator(".study .claims").wait_for()
    menu = page.locator("#app nav").first
    menu.get_by_text("Explore").click()
    menu.locator("tbody tr a").first.click()
    assert "Playground of study tiny" in page.frame_locator("#app iframe").locator("h1").inner_text()
