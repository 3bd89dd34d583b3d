"""What tests of all rooms share: two services with staff, an open scope, a logged-in client, jobs run inline."""
