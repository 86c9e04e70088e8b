// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"encoding/hex"
	"net/mail"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
	"hientruong/words"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// Submission is a report as somebody sends it in.
type Submission struct {
	Category    string            `json:"category,omitempty" doc:"The code of a category of /api/v1/categories. A call for rescue may leave it out." example:"o-ga"`
	Description string            `json:"description,omitempty" doc:"What is the matter, in the reporter's words."`
	Location    *SubmittedPlace   `json:"location,omitempty" doc:"A point, a ward or words."`
	Attributes  map[string]string `json:"attributes,omitempty" doc:"The category's own fields, as strings."`
	ObservedAt  string            `json:"observed_at,omitempty" format:"date-time"`
	Address     string            `json:"address,omitempty" doc:"At most 500 characters."`
	Language    string            `json:"language,omitempty" enum:"vi,en"`
	Urgent      bool              `json:"urgent,omitempty"`
	HideName    bool              `json:"hide_name,omitempty"`
	Reporter    *Reporter         `json:"reporter,omitempty" doc:"Kept sealed; handling units never see it."`
	OnBehalfOf  *OnBehalf         `json:"on_behalf_of,omitempty" doc:"For agents and the hotline, who file for others."`
	Channel     string            `json:"channel,omitempty" enum:"app,web,hotline,agent,machine"`
	ExternalRef string            `json:"external_ref,omitempty" doc:"The sender's own number, one report each; for agents, machines and the hotline."`
	PhotoIDs    []string          `json:"photo_ids,omitempty" doc:"Photos that the same caller sent before."`
	SOS         *SubmittedSOS     `json:"sos,omitempty" doc:"Makes it a call for rescue."`
}

// SubmittedPlace is where the matter is: a point in degrees, the id of an area, or words.
type SubmittedPlace struct {
	Lat       *float64 `json:"lat,omitempty" example:"16.4637"`
	Lon       *float64 `json:"lon,omitempty" example:"107.5909"`
	AccuracyM *float64 `json:"accuracy_m,omitempty"`
	Source    string   `json:"source,omitempty" enum:"gps,photo,pin,address,words"`
	AreaID    string   `json:"area_id,omitempty"`
	Words     string   `json:"words,omitempty"`
}

// Reporter is who reports.
type Reporter struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// OnBehalf says that somebody agreed that another files for them, and how.
type OnBehalf struct {
	Consent bool   `json:"consent"`
	How     string `json:"how,omitempty"`
}

// SubmittedSOS is what a call for rescue adds. Callback is a phone number: the contact.
type SubmittedSOS struct {
	People     int    `json:"people,omitempty"`
	WaterLevel string `json:"water_level,omitempty"`
	Battery    *int   `json:"battery,omitempty" doc:"Percent."`
	Callback   string `json:"callback,omitempty" doc:"The number to call back."`
}

// The longest parts of a contact, in characters.
const (
	maxName  = 200
	maxEmail = 254
)

// parsed is a submission as it was understood.
type parsed struct {
	form    workflow.Form
	contact identity.Person
	consent string // how somebody agreed; "" without one
	behalf  bool
}

// understand reads a tidy submission. What only the pack can judge is left to the form's
// own Validate, which says all that is wrong at once.
func (in *Submission) understand(c *call, p *pack.Pack, now time.Time) (parsed, error) {
	var faults []models.FieldError
	fault := func(location string, code models.Code, params models.Params) {
		faults = append(faults, models.Field("body."+location, code, params))
	}
	out := parsed{form: workflow.Form{
		Category: in.Category, Description: in.Description, Address: in.Address, Attributes: in.Attributes,
		Urgent: in.Urgent, HideName: in.HideName, ExternalRef: in.ExternalRef, Language: models.Language(c.language),
	}}
	if in.Language != "" {
		out.form.Language = models.Language(in.Language)
		if _, ok := words.ParseLanguage(in.Language); !ok {
			fault("language", models.CodeInvalidValue, nil)
		}
	}
	if l := in.Location; l != nil {
		out.form.Lat, out.form.Lon, out.form.AccuracyM = l.Lat, l.Lon, l.AccuracyM
		out.form.Source, out.form.AreaID, out.form.Words = models.Source(l.Source), l.AreaID, l.Words
	}
	in.readTimes(&out, fault)
	in.readPhotos(&out, fault)
	in.readSOS(&out, p)
	in.readContact(&out, fault)
	in.readBehalf(c, &out, fault)
	if in.ExternalRef != "" && !c.actor.IsStaff() {
		// It is unique: a stranger could take the numbers of others.
		fault("external_ref", models.CodeForbidden, nil)
	}
	var ok bool
	if out.form.Channel, ok = channelOf(c.actor, models.Channel(in.Channel)); !ok {
		fault("channel", models.CodeInvalidValue, nil)
		out.form.Channel = models.ChannelWeb
	}
	return out, merge(faults, out.form.Validate(p, now, out.contact.Phone != "" || c.actor.DeviceID != uuid.Nil || c.actor.Kind == models.ActorCitizen))
}

// merge joins the faults found here with those that the form found in itself.
func merge(faults []models.FieldError, err error) error {
	if err != nil {
		known := domainError(err)
		if len(known.Fields) == 0 {
			return err
		}
		faults = append(faults, known.Fields...)
	}
	if len(faults) == 0 {
		return nil
	}
	return models.Invalid(faults...)
}

type faultFunc func(location string, code models.Code, params models.Params)

// readTimes takes a moment that PostgreSQL and JSON can both hold.
func (in *Submission) readTimes(out *parsed, fault faultFunc) {
	if in.ObservedAt == "" {
		return
	}
	at, err := time.Parse(time.RFC3339, in.ObservedAt)
	if err != nil {
		fault("observed_at", models.CodeInvalidValue, nil)
		return
	}
	at = at.UTC().Truncate(time.Microsecond)
	if at.Year() < 1970 || at.Year() > 9999 {
		fault("observed_at", models.CodeOutOfRange, models.Params{"min": 1970, "max": 9999})
		return
	}
	out.form.ObservedAt = &at
}

func (in *Submission) readPhotos(out *parsed, fault faultFunc) {
	for _, s := range in.PhotoIDs {
		id, err := parseUUID(s)
		if err != nil || slices.Contains(out.form.PhotoIDs, id) {
			fault("photo_ids", models.CodeInvalidValue, nil)
			return
		}
		out.form.PhotoIDs = append(out.form.PhotoIDs, id)
	}
}

// readSOS fills in what somebody in the water cannot be asked for: the category, and a
// description of some kind.
func (in *Submission) readSOS(out *parsed, p *pack.Pack) {
	if in.SOS == nil {
		return
	}
	out.form.SOS = &models.SOS{People: in.SOS.People, WaterLevel: in.SOS.WaterLevel, Battery: in.SOS.Battery}
	if rescue, ok := p.SOS(); ok && (out.form.Category == "" || out.form.Category == rescue.Code) {
		out.form.Category = rescue.Code
		if out.form.Description == "" {
			out.form.Description = rescue.Name.In(string(out.form.Language))
		}
	}
}

func (in *Submission) readContact(out *parsed, fault faultFunc) {
	phone, where := "", "reporter.phone"
	if r := in.Reporter; r != nil {
		out.contact.Name, out.contact.Email, phone = r.Name, r.Email, r.Phone
		if utf8.RuneCountInString(r.Name) > maxName {
			fault("reporter.name", models.CodeTooLong, models.Params{"max": maxName})
		}
		if len(r.Email) > maxEmail {
			fault("reporter.email", models.CodeTooLong, models.Params{"max": maxEmail})
		} else if address, err := mail.ParseAddress(r.Email); r.Email != "" && (err != nil || address.Address != r.Email) {
			fault("reporter.email", models.CodeInvalidValue, nil)
		}
	}
	if in.SOS != nil && in.SOS.Callback != "" {
		phone, where = in.SOS.Callback, "sos.callback"
	}
	if phone == "" {
		return
	}
	e164, err := words.Phone(phone)
	if err != nil {
		fault(where, models.CodePhoneInvalid, nil)
		return
	}
	out.contact.Phone = e164
}

func (in *Submission) readBehalf(c *call, out *parsed, fault faultFunc) {
	b := in.OnBehalfOf
	switch {
	case b == nil:
	case !c.actor.May(models.OpReportSubmitFor):
		fault("on_behalf_of", models.CodeForbidden, nil)
	case !b.Consent:
		fault("on_behalf_of.consent", models.CodeRequired, nil)
	case utf8.RuneCountInString(b.How) > maxHow:
		fault("on_behalf_of.how", models.CodeTooLong, models.Params{"max": maxHow})
	default:
		out.behalf, out.consent = true, b.How
	}
}

// maxHow is the longest note of how somebody agreed, in characters.
const maxHow = 500

// channelOf is how a report came in: what the caller's kind allows, the first of it where
// the caller says nothing.
func channelOf(a models.Actor, said models.Channel) (models.Channel, bool) {
	var allowed []models.Channel
	switch {
	case a.Kind == models.ActorGuest:
		allowed = []models.Channel{models.ChannelWeb, models.ChannelApp}
	case a.Kind != models.ActorStaff:
		allowed = []models.Channel{models.ChannelApp, models.ChannelWeb}
	default:
		for role, channel := range map[models.Role]models.Channel{
			models.RoleAgent: models.ChannelAgent, models.RoleOperator: models.ChannelHotline, models.RoleMachine: models.ChannelMachine,
		} {
			if a.Has(role) {
				allowed = append(allowed, channel)
			}
		}
		slices.Sort(allowed)
	}
	if said == "" && len(allowed) > 0 {
		return allowed[0], true
	}
	return said, slices.Contains(allowed, said)
}

// spend counts a report against its sender: by device or person, and by phone. Calls for
// rescue have a lane of their own. Staff answer for what they send with their name.
func (s *Server) spend(c *call, installation string, in parsed) error {
	if c.actor.IsStaff() {
		return nil
	}
	lane, limiter := identity.LaneSubmit, s.config.Identity.Limiter()
	if in.form.SOS != nil {
		lane = identity.LaneSOS
	}
	if who := callerKey(c.actor, installation); who != "" {
		if err := limiter.Take(lane, who); err != nil {
			return err
		}
	}
	if in.contact.Phone != "" {
		return limiter.Take(lane, "phone:"+hex.EncodeToString(s.config.Identity.Keys().PhoneIndex(in.contact.Phone)))
	}
	return nil
}

// callerKey is what tries are counted by: the device, else the person, else what a guest's
// browser calls itself. Never an address.
func callerKey(a models.Actor, installation string) string {
	switch {
	case a.DeviceID != uuid.Nil:
		return "device:" + a.DeviceID.String()
	case a.ID != uuid.Nil:
		return a.String()
	case installation != "":
		return "installation:" + installation
	default:
		return ""
	}
}
