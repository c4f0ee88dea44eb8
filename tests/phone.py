"""Pages as a phone shows them."""

PHONE = {"width": 390, "height": 844}


def too_wide(browser, paths):
    """Those of the pages that scroll sideways on a phone; what is wider in them scrolls in a box of its own."""
    page = browser.new_page(viewport=PHONE)
    page.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
    found = []
    for path in paths:
        page.goto(path.as_uri(), wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            found.append(path.name)
    page.close()
    return found
