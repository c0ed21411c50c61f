"""Problems drawn from the catalogue: composed, named, described, tested, graded."""
