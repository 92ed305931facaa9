"""Charts: one model, drawn as a native editable chart in a Word document.

Role: `model` says what a chart shows, `drawingml` writes the chart part, `workbook` the workbook inside it, `place`
puts both into a Word document. All pure: the same chart gives the same bytes.
"""
