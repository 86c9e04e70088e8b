// SPDX-License-Identifier: Apache-2.0

package geo

import "github.com/paulmach/orb"

// Island is an island of Vietnam that every map of the country shows.
type Island struct {
	Name, NameEN string
	At           orb.Point // (lon, lat) degrees, to about a kilometre
}

// Archipelago is one of Vietnam's two archipelagos in the East Sea, which the law asks
// every map of the country to show: where it lies, and its main islands.
type Archipelago struct {
	Name, NameEN string
	Label        orb.Point   // where the name stands, (lon, lat) degrees
	Around       orb.Polygon // a coarse line around its islands, for the map only
	Islands      []Island
}

// Archipelagos are Hoàng Sa and Trường Sa.
func Archipelagos() []Archipelago {
	return []Archipelago{
		{
			Name: "Quần đảo Hoàng Sa (Việt Nam)", NameEN: "Hoang Sa Archipelago (Viet Nam)", Label: orb.Point{112.0, 16.5},
			Around: orb.Polygon{{
				{110.9, 15.6}, {111.6, 15.5}, {112.9, 15.8}, {113.2, 16.5}, {112.9, 17.1}, {112.2, 17.3}, {111.3, 17.3}, {110.9, 16.7}, {110.9, 15.6},
			}},
			Islands: []Island{
				{"Đảo Hoàng Sa", "Hoang Sa Island", orb.Point{111.61, 16.53}},
				{"Đảo Phú Lâm", "Phu Lam Island", orb.Point{112.34, 16.83}},
				{"Đảo Linh Côn", "Linh Con Island", orb.Point{112.73, 16.67}},
				{"Đảo Cây", "Cay Island", orb.Point{112.27, 16.98}},
				{"Đảo Hữu Nhật", "Huu Nhat Island", orb.Point{111.59, 16.50}},
				{"Đảo Quang Ảnh", "Quang Anh Island", orb.Point{111.51, 16.45}},
				{"Đảo Quang Hòa", "Quang Hoa Island", orb.Point{111.71, 16.45}},
				{"Đảo Duy Mộng", "Duy Mong Island", orb.Point{111.74, 16.47}},
				{"Đảo Tri Tôn", "Tri Ton Island", orb.Point{111.20, 15.78}},
			},
		},
		{
			Name: "Quần đảo Trường Sa (Việt Nam)", NameEN: "Truong Sa Archipelago (Viet Nam)", Label: orb.Point{113.8, 9.8},
			Around: orb.Polygon{{
				{111.4, 8.3}, {111.8, 7.4}, {113.0, 6.9}, {114.6, 7.9}, {116.3, 9.3}, {117.0, 10.9}, {115.8, 11.9}, {114.0, 11.9}, {112.6, 10.2}, {111.4, 8.3},
			}},
			Islands: []Island{
				{"Đảo Trường Sa", "Truong Sa Island", orb.Point{111.92, 8.64}},
				{"Đảo Song Tử Tây", "Song Tu Tay Island", orb.Point{114.33, 11.43}},
				{"Đảo Song Tử Đông", "Song Tu Dong Island", orb.Point{114.36, 11.45}},
				{"Đảo Thị Tứ", "Thi Tu Island", orb.Point{114.28, 11.05}},
				{"Đảo Loại Ta", "Loai Ta Island", orb.Point{114.42, 10.67}},
				{"Đảo Ba Bình", "Ba Binh Island", orb.Point{114.36, 10.38}},
				{"Đảo Sơn Ca", "Son Ca Island", orb.Point{114.48, 10.37}},
				{"Đảo Nam Yết", "Nam Yet Island", orb.Point{114.37, 10.18}},
				{"Đảo Vĩnh Viễn", "Vinh Vien Island", orb.Point{115.80, 10.73}},
				{"Đảo Sinh Tồn", "Sinh Ton Island", orb.Point{114.33, 9.89}},
				{"Đảo Phan Vinh", "Phan Vinh Island", orb.Point{113.69, 8.97}},
				{"Đảo An Bang", "An Bang Island", orb.Point{112.91, 7.89}},
			},
		},
	}
}
