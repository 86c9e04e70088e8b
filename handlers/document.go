// SPDX-License-Identifier: Apache-2.0

package handlers

import "github.com/danielgtaylor/huma/v2"

// tags name the nouns of the document, in Vietnamese and English.
func tags() []*huma.Tag {
	var out []*huma.Tag
	for _, t := range [][3]string{
		{"config", "Cấu hình", "What a client needs to know"},
		{"category", "Loại phản ánh", "Categories"},
		{"area", "Địa bàn", "Areas"},
		{"unit", "Đơn vị", "Units"},
		{"auth", "Đăng nhập", "Signing in"},
		{"me", "Của tôi", "One's own"},
		{"device", "Thiết bị nhận thông báo", "Phones that get pushes"},
		{"report", "Phản ánh", "Reports"},
		{"track", "Tra cứu bằng mã", "Reports by their public code"},
		{"follow", "Theo dõi", "Following"},
		{"photo", "Ảnh", "Photos"},
		{"thread", "Trao đổi với người gửi", "The thread with the reporter"},
		{"action", "Bước xử lý", "Steps of the workflow"},
		{"claim", "Nhận xác minh", "Taking into hand"},
		{"task", "Việc của đơn vị", "Units' parts"},
		{"note", "Ghi chú nội bộ", "Internal notes"},
		{"text", "Các bản nội dung", "Versions of texts"},
		{"template", "Mẫu trả lời", "Templates"},
		{"contact", "Người gửi", "Who reported"},
		{"inbox", "Việc cần làm", "Work that waits"},
		{"change", "Thay đổi", "Changes"},
		{"live", "Trực tiếp", "What happens, as it happens"},
		{"tile", "Bản đồ", "Maps"},
		{"admin", "Quản trị", "Administration"},
		{"demo", "Thành phố mẫu", "The demo"},
	} {
		out = append(out, &huma.Tag{Name: t[0], Description: t[1] + " · " + t[2]})
	}
	return out
}

// submissionExample is a report as somebody could send it in today.
func submissionExample() map[string]any {
	return map[string]any{
		"category":    "den-duong",
		"description": "Đèn đường trước số nhà 12 tắt ba đêm nay, đường rất tối.",
		"location":    map[string]any{"lat": 16.4637, "lon": 107.5909, "accuracy_m": 8, "source": "gps"},
		"address":     "Trước số nhà 12, đường Sông Mây",
		"attributes":  map[string]any{"pole": "CM-12/045", "owner": "do-thi"},
		"language":    "vi",
		"hide_name":   true,
		"reporter":    map[string]any{"name": "Nguyễn Thị Mẫu", "phone": "0912 345 678"},
	}
}
