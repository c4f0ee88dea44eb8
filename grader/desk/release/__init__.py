"""From week folders to the repository that students see."""
