// SPDX-License-Identifier: Apache-2.0

package main

// ward is what is invented about a ward; its shape follows from its seat.
type ward struct {
	code, name, nameEN, kind string
	aliases                  []string
	people                   int
	lon, lat                 float64 // the seat
	reach                    float64 // how far it spreads beside its neighbours; 1 is as far as they
}

// wards is the city: seven wards around the river, five communes outside.
func wards() []ward {
	const phuong, xa = "phuong", "xa"
	return []ward{
		{"90001", "Phường Cầu Mây", "Cau May Ward", phuong, []string{"Phường Bến Đò", "Phường Cầu Mây Hạ"}, 41200, 107.590, 16.487, 1},
		{"90002", "Phường Thành Cổ", "Thanh Co Ward", phuong, []string{"Phường Cửa Bắc", "Phường Cửa Tây"}, 38600, 107.556, 16.497, 1},
		{"90003", "Phường An Nguyệt", "An Nguyet Ward", phuong, []string{"Phường Xóm Trăng"}, 45300, 107.606, 16.447, 1},
		{"90004", "Phường Vườn Thông", "Vuon Thong Ward", phuong, []string{"Phường Đồi Thông"}, 29800, 107.566, 16.432, 1.05},
		{"90005", "Phường Bến Ngọc", "Ben Ngoc Ward", phuong, []string{"Phường Chợ Bến", "Xã Ngọc Hạ"}, 33700, 107.640, 16.462, 1},
		{"90006", "Phường Lụa Vân", "Lua Van Ward", phuong, []string{"Phường Dệt Lụa"}, 27500, 107.618, 16.512, 1},
		{"90007", "Phường Hoà Phong", "Hoa Phong Ward", phuong, []string{"Xã Hoà Phong", "Xã Phong Thượng"}, 24100, 107.512, 16.462, 1.05},
		{"90008", "Xã Đồng Sen", "Dong Sen Commune", xa, []string{"Xã Sen Trì", "Xã Hồ Sen"}, 15600, 107.566, 16.548, 1.15},
		{"90009", "Xã Phá Bạc", "Pha Bac Commune", xa, []string{"Xã Đầm Bạc"}, 13900, 107.672, 16.536, 1.15},
		{"90010", "Xã Núi Tượng", "Nui Tuong Commune", xa, []string{"Xã Tượng Sơn"}, 9800, 107.622, 16.380, 1.2},
		{"90011", "Xã Suối Ngà", "Suoi Nga Commune", xa, []string{"Xã Ngà Thượng", "Xã Ngà Hạ"}, 8400, 107.532, 16.381, 1.2},
		{"90012", "Xã Cồn Giữa", "Con Giua Commune", xa, []string{"Xã Cồn Dừa"}, 12300, 107.692, 16.444, 1.15},
	}
}

// river is its middle line from the hills to the lagoon, (lon, lat) degrees,
// west to east. It parts wards: no ward lies on both its banks.
func river() [][2]float64 {
	return [][2]float64{
		{107.43, 16.418}, {107.49, 16.430}, {107.53, 16.452}, {107.56, 16.461}, {107.59, 16.466},
		{107.61, 16.478}, {107.64, 16.492}, {107.67, 16.498}, {107.71, 16.489}, {107.77, 16.495},
	}
}
