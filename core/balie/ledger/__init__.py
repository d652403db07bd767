"""The durable list of work: accept, lease, drain, retry, park, replay, balance."""
