"""A small document of each kind that is met most, to load with what a parser loads late."""

_PAGE = b"""<!doctype html><html><head><title>A page</title></head><body><main><h1>A page</h1>
<p>Published 12 March 2024. This is a paragraph of a page, with a few words to weigh.</p>
<table><tr><th>One</th><th>Two</th></tr><tr><td>1</td><td>2</td></tr></table>
<ul><li>An item</li></ul></main></body></html>"""

SAMPLES = {"page.html": _PAGE, "text.md": b"# A title\n\nA line.\n"}
