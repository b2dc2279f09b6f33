// The upload with Go's own HTTP server: the part streams to a file while it is hashed.
//
//	FOLDER=... upload PORT
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"os"
)

type answer struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func keep(part *multipart.Part, folder string) (answer, error) {
	file, err := os.CreateTemp(folder, "upload-*")
	if err != nil {
		return answer{}, err
	}
	defer file.Close()
	hash := sha256.New()
	count, err := io.CopyBuffer(struct{ io.Writer }{file}, io.TeeReader(part, hash), make([]byte, 256<<10))
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		os.Remove(file.Name())
		return answer{}, err
	}
	return answer{count, hex.EncodeToString(hash.Sum(nil))}, nil
}

func main() {
	folder := os.Getenv("FOLDER")
	http.HandleFunc("POST /upload", func(w http.ResponseWriter, r *http.Request) {
		reader, err := r.MultipartReader()
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var kept *answer
		for {
			part, err := reader.NextPart()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			if part.FormName() != "file" || kept != nil {
				continue
			}
			one, err := keep(part, folder)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			kept = &one
		}
		if kept == nil {
			http.Error(w, "no field file", http.StatusUnprocessableEntity)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		json.NewEncoder(w).Encode(kept)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
