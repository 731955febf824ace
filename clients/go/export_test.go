package reprise

// Waiting tells how many callers of GetOrCompute wait for a key.
func (c *Client) Waiting(key string) int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if running := c.flights.running[key]; running != nil {
		return running.waiting
	}
	return 0
}
