"""Word templates: what a tag may say, which belong together, what they name, and how they are filled in.

Role: `check.check_template` takes a .docx and says everything that is wrong with it, `template.rendered` fills one from
a frozen view; one reading of a file serves both. There is no language in a template to run (docs/templates.md): values
go in, findings or a document come out.
"""
