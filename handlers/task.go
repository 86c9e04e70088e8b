// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"

	"hientruong/models"
	"hientruong/views"
)

func (s *Server) taskRoutes() {
	register(s, staffOnly(get("/api/v1/reports/{id}/tasks", "task-list", "The parts that units have in a report, oldest first"),
		"For the operations centre and units that have a part in it. One leads, the others support. Steps on a task are among the report's actions."), s.listTasks)
}

type tasksOutput struct{ Body page[views.Task] }

func (s *Server) listTasks(ctx context.Context, in *ReportRef) (*tasksOutput, error) {
	c := callOf(ctx)
	if err := c.colleague(); err != nil {
		return nil, err
	}
	seen, bundle, err := s.hung(ctx, c, in.ID, models.ViewUnit, models.ViewOperations)
	if err != nil {
		return nil, err
	}
	if seen.View == models.ViewUnit {
		colleagues, err := models.Colleagues(ctx, s.config.DB, c.jurisdiction, c.actor.Unit)
		if err != nil {
			return nil, err
		}
		for _, m := range colleagues {
			bundle.Staff[m.ID] = m.Name
		}
	}
	items, err := s.assembler(c).Tasks(seen.View, &seen.Report, bundle)
	return &tasksOutput{Body: listOf(items)}, err
}
