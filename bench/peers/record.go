// A picture's row as JSON with Go's own HTTP server and database/sql, for whoever holds the cookie of its session.
//
//	DATABASE=... record PORT
package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"runtime"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

const (
	idle     = 1800
	absolute = 86400
)

type inspection struct {
	Format        string `json:"format"`
	Width         int    `json:"width"`
	Height        int    `json:"height"`
	BitsPerSample int    `json:"bitsPerSample"`
	Frames        int    `json:"frames"`
}

type burnedIn struct {
	State       string   `json:"state"`
	Lines       []string `json:"lines"`
	SideMarkers []string `json:"sideMarkers"`
}

type identity struct {
	Rows      []string `json:"rows"`
	Confirmed []string `json:"confirmed"`
}

type picture struct {
	ID       string `json:"id"`
	FileName string `json:"fileName"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
	inspection
	BurnedInText burnedIn `json:"burnedInText"`
	CreatedAt    string   `json:"createdAt"`
	Preview      string   `json:"preview"`
	Samples      string   `json:"samples"`
	File         string   `json:"file"`
	Identity     identity `json:"identity"`
}

func prepared(database *sql.DB, query string) *sql.Stmt {
	statement, err := database.Prepare(query)
	if err != nil {
		log.Fatal(err)
	}
	return statement
}

func main() {
	database, err := sql.Open("sqlite3", "file:"+os.Getenv("DATABASE")+"?_journal_mode=WAL")
	if err != nil {
		log.Fatal(err)
	}
	connections := 2 * runtime.NumCPU()
	database.SetMaxOpenConns(connections)
	database.SetMaxIdleConns(connections)
	sessions := prepared(database,
		"SELECT id, created_at, last_seen_at FROM sessions WHERE token_hash = ? AND revoked_at IS NULL")
	uploads := prepared(database,
		"SELECT id, file_name, bytes, sha256, inspection, burned_in, created_at FROM uploads WHERE id = ? AND session_id = ?")

	session := func(r *http.Request) (string, bool) {
		cookie, err := r.Cookie("lightbox")
		if err != nil || len(cookie.Value) != 43 {
			return "", false
		}
		hash := sha256.Sum256([]byte(cookie.Value))
		var id string
		var created, seen float64
		if err := sessions.QueryRowContext(r.Context(), hash[:]).Scan(&id, &created, &seen); err != nil {
			return "", false
		}
		now := float64(time.Now().UnixNano()) / 1e9
		return id, now < created+absolute && now < seen+idle
	}

	http.HandleFunc("GET /api/v1/uploads/{upload}", func(w http.ResponseWriter, r *http.Request) {
		owner, ok := session(r)
		if !ok {
			http.Error(w, "no session", http.StatusUnauthorized)
			return
		}
		var found picture
		var seen, letters []byte
		var created float64
		err := uploads.QueryRowContext(r.Context(), r.PathValue("upload"), owner).Scan(
			&found.ID, &found.FileName, &found.Bytes, &found.SHA256, &seen, &letters, &created)
		if errors.Is(err, sql.ErrNoRows) {
			http.NotFound(w, r)
			return
		}
		if err == nil {
			err = json.Unmarshal(seen, &found.inspection)
		}
		if err == nil {
			err = json.Unmarshal(letters, &found.BurnedInText)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		address := "/api/v1/uploads/" + found.ID
		found.Preview, found.Samples, found.File = address+"/preview", address+"/samples", address+"/file"
		found.CreatedAt = time.Unix(int64(created), 0).UTC().Format(time.RFC3339)
		found.Identity = identity{Rows: []string{}, Confirmed: []string{}}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(found)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
