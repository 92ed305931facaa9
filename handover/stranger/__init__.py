"""Rendering a Word template that we don't trust: in another process, with nothing to find and little to spend.

Role: `parent.fill` does what `handover.office.docx.render` does, in a process that is started (not forked) for this one
document, is given the document's values and nothing else, and gives up memory, time, files and sockets before it looks
at the template. What is enforced where is in docs/security.md; the modules here know no document of ours.
"""
