"""A messy folder → a proposal, questions, and a project folder; pure until the last step."""
