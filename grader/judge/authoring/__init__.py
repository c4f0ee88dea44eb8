"""What somebody who writes hidden tests imports."""
