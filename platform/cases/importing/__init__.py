"""Import: files arrive in an expiring staging area, are recognised, corrected by a person, and become cases.

Nothing of it is a case before somebody confirms, and nothing of it stays when they do not.
"""
