"""Diagnosis by experiment: a wrong function is asked again, on cases that differ in one way; what is found is a fact.

A question says which fields of its case are a batch: `question(..., probes=Roles(batch="X G"))`, and gets all of them.
"""

from grader.checks.probes.conclusions import Fact, conclude
from grader.checks.probes.digests import Digest, digest
from grader.checks.probes.fields import Roles
from grader.checks.probes.variants import Variant, variants

__all__ = ["Digest", "Fact", "Roles", "Variant", "conclude", "digest", "variants"]
