// SPDX-License-Identifier: Apache-2.0

package handlers

// Routes lists what the server answers, as "GET /api/v1/reports/:id".
func (s *Server) Routes() []string {
	var all []string
	for _, r := range s.app.GetRoutes(true) {
		all = append(all, r.Method+" "+r.Path)
	}
	return all
}
