// SPDX-License-Identifier: Apache-2.0

package pack

import "hientruong/models"

// What the files hold at the top. calendarFile, Settings and Workflow are the others.
type (
	// unitsFile is units.yaml: the tree of units.
	unitsFile struct {
		Units []*Unit `yaml:"units"`
	}
	// categoriesFile is categories.yaml: the kinds of reports, in groups.
	categoriesFile struct {
		Groups     []Group     `yaml:"groups"`
		Categories []*Category `yaml:"categories"`
	}
	// routingFile is routing.yaml: the rules, tried from the first to the last.
	routingFile struct {
		Rules []Rule `yaml:"rules"`
	}
	// rolesFile is roles.yaml: how each role of the closed set is called.
	rolesFile struct {
		Roles map[models.Role]RoleWords `yaml:"roles"`
	}
	// reasonsFile is reasons.yaml: lists of reasons by name, of which reject, hide, return and transfer must be there.
	reasonsFile struct {
		Reasons map[string][]Reason `yaml:"reasons"`
	}
	// wordsFile is words.yaml: what the program says to people in this jurisdiction, by key.
	wordsFile struct {
		Words map[string]Text `yaml:"words"`
	}
	// templatesFile is templates.yaml: texts to begin an answer, a refusal or a question from.
	templatesFile struct {
		Templates []Template `yaml:"templates"`
	}
)
