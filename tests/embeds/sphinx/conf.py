project = "Documents with sandboxes"
html_static_path = ["_static"]
html_js_files = [("sandbox/embed/kinesis-sandbox.js", {"type": "module"}), "sandbox/embed/loader.js"]
html_theme = "alabaster"
# A document of Sphinx asks nobody elsewhere either.
html_theme_options = {"show_powered_by": False}
suppress_warnings = ["misc.highlighting_failure"]
