"""Charts: one model, drawn as a native editable chart in a Word document or as SVG in a page.

Role: `model` says what a chart shows, `drawingml` writes the chart part, `workbook` the workbook inside it, `place`
puts both into a Word document, `svg` draws the same for a page. All pure: the same chart gives the same bytes.
"""
