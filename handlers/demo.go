// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"

	"hientruong/models"
	"hientruong/words"
)

// demoRoutes are there in the demo alone, whose passwords and codes anybody may see.
func (s *Server) demoRoutes() {
	if s.config.Demo == nil {
		return
	}
	register(s, described(get("/api/v1/demo/accounts", "demo-accounts", "The demo's log-ins"),
		"Made on this machine. Only a demo has this call."), s.demoAccounts)
	register(s, described(get("/api/v1/demo/otp", "demo-otp", "The newest code that was sent to a phone number"),
		"A demo sends no text messages: its phone page shows the code. Only a demo has this call."), s.demoOTP)
}

type demoAccountsOutput struct{ Body page[DemoAccount] }

func (s *Server) demoAccounts(ctx context.Context, _ *struct{}) (*demoAccountsOutput, error) {
	accounts, err := s.config.Demo.Accounts()
	if err != nil {
		return nil, err
	}
	return &demoAccountsOutput{Body: listOf(accounts)}, nil
}

type demoOTPInput struct {
	Phone string `query:"phone" required:"true" maxLength:"40" example:"0912345678"`
}

type demoOTPOutput struct {
	Body struct {
		Code string `json:"code" example:"493027"`
	}
}

func (s *Server) demoOTP(_ context.Context, in *demoOTPInput) (*demoOTPOutput, error) {
	e164, err := words.Phone(in.Phone)
	if err != nil {
		return nil, models.Invalid(models.Field("query.phone", models.CodePhoneInvalid, nil))
	}
	for _, sent := range s.config.Demo.Codes() {
		if sent.Phone == e164 {
			out := &demoOTPOutput{}
			out.Body.Code = sent.Code
			return out, nil
		}
	}
	return nil, models.E(models.CodeNotFound)
}
