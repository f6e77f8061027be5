"""Documents made from a plan or from the result of a push: JSON, terminal text, Markdown, CSV and HTML.

Pure: every function here turns values into text. Writing a file is ``zx.files``, printing is the face.
"""
