"""/control/whatsapp: what customers, their phones, Meta's reviewers and a tester can do.

The modules here describe each call in their docstring, with the whole of its JSON.
"""
