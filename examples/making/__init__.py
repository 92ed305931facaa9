"""The maker of the example projects: what a person can't type (figures, pictures, PDFs) is drawn from a seed.

Role: each module makes one kind of file as bytes; `trehorel` and `wrenfield` say which files the two projects
hold. What a person types (`handover.yaml`, the tables but the metrics, the internal notes) is written by hand in
the project folders and isn't touched here.
"""
