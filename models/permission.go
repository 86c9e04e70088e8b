// SPDX-License-Identifier: Apache-2.0

package models

// Role is what somebody is to a jurisdiction. The set is closed.
type Role string

// The roles. Guest and system are nobody's job: a call without a token, a clock.
const (
	RoleGuest         Role = "guest"
	RoleCitizen       Role = "citizen"
	RoleAgent         Role = "agent"            // files for others: post office, digital team
	RoleMachine       Role = "machine"          // sensors and cameras
	RoleOperator      Role = "operator"         // operations centre: takes on, asks, forwards
	RoleVerifier      Role = "verifier"         // operations centre: checks and publishes
	RoleCoordinator   Role = "unit_coordinator" // a unit's contact point
	RoleHandler       Role = "handler"          // does the work
	RoleUnitHead      Role = "unit_head"        // approves a unit's answers
	RoleLeader        Role = "leader"           // reads everything, directs
	RolePress         Role = "press"            // speaks in public
	RoleAuditor       Role = "auditor"          // reads the log
	RoleAdministrator Role = "administrator"
	RoleSystem        Role = "system"
)

// Roles lists every role a person or machine can hold.
var roles = []Role{
	RoleCitizen, RoleAgent, RoleMachine, RoleOperator, RoleVerifier, RoleCoordinator,
	RoleHandler, RoleUnitHead, RoleLeader, RolePress, RoleAuditor, RoleAdministrator,
}

// Roles returns every role a person or machine can hold.
func Roles() []Role { return append([]Role(nil), roles...) }

// Valid says whether the role is one a person or machine can hold.
func (r Role) Valid() bool { return oneOf(r, roles...) }

// Operation is something a caller may or may not do.
type Operation string

// The operations. Steps of the workflow are OpReportAct, and then the pack's to allow.
const (
	OpReportSubmit     Operation = "report.submit"
	OpReportSubmitFor  Operation = "report.submit_for" // on behalf of somebody
	OpReportPublic     Operation = "report.read.public"
	OpReportUnit       Operation = "report.read.unit"
	OpReportOperations Operation = "report.read.operations"
	OpReportAct        Operation = "report.act"
	OpReportClaim      Operation = "report.claim"
	OpReportFollow     Operation = "report.follow"  // hears what becomes of another's report
	OpReportMessage    Operation = "report.message" // the thread of reporter and operations centre
	OpReportNote       Operation = "report.note"    // internal notes
	OpTextCorrect      Operation = "text.correct"   // what units and public read
	OpTextErase        Operation = "text.erase"
	OpTasksHandOver    Operation = "tasks.hand_over" // all tasks of a unit to its successor
	OpRoutingTry       Operation = "routing.try"
	OpDecisionMake     Operation = "decision.make" // suspends or extends deadlines
	OpTemplatesRead    Operation = "templates.read"
	OpPacksRead        Operation = "packs.read"
	OpReportRepack     Operation = "report.repack" // moves a report to another version of the pack
	OpContactRead      Operation = "contact.read"
	OpInboxRead        Operation = "inbox.read"
	OpPhotoUpload      Operation = "photo.upload"
	OpChangesRead      Operation = "changes.read"
	OpDeviceRegister   Operation = "device.register"
	OpProfile          Operation = "profile"
	OpStaffManage      Operation = "staff.manage"
	OpPackApply        Operation = "pack.apply"
	OpAuditRead        Operation = "audit.read"
	OpDeliveriesRead   Operation = "deliveries.read"
)

// Operations returns every operation.
func Operations() []Operation {
	return []Operation{
		OpReportSubmit, OpReportSubmitFor, OpReportPublic, OpReportUnit, OpReportOperations, OpReportAct, OpReportClaim,
		OpContactRead, OpInboxRead, OpPhotoUpload, OpChangesRead, OpDeviceRegister, OpProfile, OpStaffManage,
		OpPackApply, OpAuditRead, OpDeliveriesRead, OpReportFollow, OpReportMessage, OpReportNote, OpTextCorrect, OpTextErase, OpTasksHandOver,
		OpRoutingTry, OpDecisionMake, OpTemplatesRead, OpPacksRead, OpReportRepack,
	}
}

// Reach is how far an operation goes for a role. A wider reach includes a narrower one.
type Reach uint8

// The reaches.
const (
	ReachNone Reach = iota
	ReachOwn        // what the caller sent in, holds or is
	ReachUnit       // what the caller's unit has a task in
	ReachAll        // the whole jurisdiction
)

// permissions is the whole of it: operation × role → reach. What is not here is not
// allowed.
var permissions = map[Operation]map[Role]Reach{
	OpReportSubmit: {
		RoleGuest: ReachOwn, RoleCitizen: ReachOwn, RoleAgent: ReachOwn, RoleMachine: ReachOwn, RoleOperator: ReachOwn,
	},
	OpReportSubmitFor: {RoleAgent: ReachOwn, RoleOperator: ReachOwn},
	OpReportPublic: {
		RoleGuest: ReachAll, RoleCitizen: ReachAll, RoleAgent: ReachAll, RoleMachine: ReachAll, RoleOperator: ReachAll, RoleVerifier: ReachAll,
		RoleCoordinator: ReachAll, RoleHandler: ReachAll, RoleUnitHead: ReachAll, RoleLeader: ReachAll, RolePress: ReachAll,
		RoleAuditor: ReachAll, RoleAdministrator: ReachAll,
	},
	OpReportUnit: {
		RoleCoordinator: ReachUnit, RoleHandler: ReachUnit, RoleUnitHead: ReachUnit,
	},
	OpReportOperations: {
		RoleOperator: ReachAll, RoleVerifier: ReachAll, RoleLeader: ReachAll, RoleAuditor: ReachAll, RoleAdministrator: ReachAll,
	},
	OpReportAct: {
		RoleGuest: ReachOwn, RoleCitizen: ReachOwn, RoleAgent: ReachOwn, RoleOperator: ReachAll, RoleVerifier: ReachAll, RoleCoordinator: ReachUnit,
		RoleHandler: ReachUnit, RoleUnitHead: ReachUnit, RoleLeader: ReachAll, RoleSystem: ReachAll,
	},
	OpReportClaim:  {RoleOperator: ReachAll, RoleVerifier: ReachAll},
	OpContactRead:  {RoleOperator: ReachAll, RoleVerifier: ReachAll},
	OpReportFollow: {RoleGuest: ReachOwn, RoleCitizen: ReachOwn},
	OpReportMessage: {
		RoleGuest: ReachOwn, RoleCitizen: ReachOwn, RoleAgent: ReachOwn, RoleOperator: ReachAll, RoleVerifier: ReachAll,
	},
	OpReportNote: {
		RoleOperator: ReachAll, RoleVerifier: ReachAll, RoleLeader: ReachAll, RoleCoordinator: ReachUnit, RoleHandler: ReachUnit, RoleUnitHead: ReachUnit,
	},
	OpTextCorrect:   {RoleOperator: ReachAll, RoleVerifier: ReachAll},
	OpTextErase:     {RoleVerifier: ReachAll, RoleAdministrator: ReachAll},
	OpTasksHandOver: {RoleAdministrator: ReachAll, RoleSystem: ReachAll},
	OpRoutingTry:    {RoleOperator: ReachAll, RoleVerifier: ReachAll, RoleAdministrator: ReachAll},
	OpDecisionMake:  {RoleLeader: ReachAll, RoleAdministrator: ReachAll, RoleSystem: ReachAll},
	OpTemplatesRead: {
		RoleOperator: ReachAll, RoleVerifier: ReachAll, RoleLeader: ReachAll, RoleCoordinator: ReachAll, RoleHandler: ReachAll, RoleUnitHead: ReachAll,
		RoleAdministrator: ReachAll,
	},
	OpPacksRead:    {RoleAdministrator: ReachAll, RoleLeader: ReachAll, RoleAuditor: ReachAll, RoleOperator: ReachAll, RoleVerifier: ReachAll},
	OpReportRepack: {RoleAdministrator: ReachAll, RoleSystem: ReachAll},
	OpInboxRead:    {RoleCoordinator: ReachUnit, RoleHandler: ReachUnit, RoleUnitHead: ReachUnit, RoleOperator: ReachAll, RoleVerifier: ReachAll, RoleLeader: ReachAll},
	OpPhotoUpload: {
		RoleGuest: ReachOwn, RoleCitizen: ReachOwn, RoleAgent: ReachOwn, RoleMachine: ReachOwn, RoleOperator: ReachOwn, RoleVerifier: ReachOwn,
		RoleCoordinator: ReachUnit, RoleHandler: ReachUnit, RoleUnitHead: ReachUnit,
	},
	OpChangesRead: {
		RoleGuest: ReachOwn, RoleCitizen: ReachOwn, RoleAgent: ReachOwn, RoleMachine: ReachOwn, RoleOperator: ReachAll, RoleVerifier: ReachAll,
		RoleCoordinator: ReachUnit, RoleHandler: ReachUnit, RoleUnitHead: ReachUnit, RoleLeader: ReachAll, RolePress: ReachOwn,
		RoleAuditor: ReachAll, RoleAdministrator: ReachAll,
	},
	OpDeviceRegister: {RoleGuest: ReachOwn, RoleCitizen: ReachOwn},
	OpProfile: {
		RoleCitizen: ReachOwn, RoleAgent: ReachOwn, RoleMachine: ReachOwn, RoleOperator: ReachOwn, RoleVerifier: ReachOwn, RoleCoordinator: ReachOwn,
		RoleHandler: ReachOwn, RoleUnitHead: ReachOwn, RoleLeader: ReachOwn, RolePress: ReachOwn, RoleAuditor: ReachOwn, RoleAdministrator: ReachOwn,
	},
	OpStaffManage:    {RoleAdministrator: ReachAll},
	OpPackApply:      {RoleAdministrator: ReachAll, RoleSystem: ReachAll},
	OpAuditRead:      {RoleAuditor: ReachAll, RoleAdministrator: ReachAll},
	OpDeliveriesRead: {RoleAuditor: ReachAll, RoleAdministrator: ReachAll},
}

// Reach returns how far an operation goes for the actor: the widest of its roles.
func (a Actor) Reach(op Operation) Reach {
	widest := ReachNone
	for _, r := range a.Roles {
		widest = max(widest, permissions[op][r])
	}
	if widest == ReachUnit && a.Unit == "" {
		return ReachNone
	}
	return widest
}

// May says whether the actor may do the operation at all; how far is Reach's to say.
func (a Actor) May(op Operation) bool { return a.Reach(op) > ReachNone }

// Require returns the error of an actor who may not do the operation: CodeUnauthorized
// for a guest, who could sign in, CodeForbidden for everybody else.
func (a Actor) Require(op Operation) error {
	switch {
	case a.May(op):
		return nil
	case a.Kind == ActorGuest:
		return E(CodeUnauthorized)
	default:
		return E(CodeForbidden)
	}
}
