"""Trains what people use instead of a recurrent network on texts, and evaluates it on others.

    python3 bench/peers/texts.py TRAIN.csv TEST.csv words|letters|tags [SEED...]

Both files have the columns text and label. Prints a line of JSON for each model: TF-IDF with
logistic regression (scikit-learn) and fastText (the program), or for tags a linear-chain CRF on
words, prefixes, suffixes and capitals (python-crfsuite). What is not installed is left out."""

import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

csv.field_size_limit(10**9)


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [(row["text"], row["label"]) for row in csv.DictReader(file)]


def share(right):
    return sum(right) / len(right)


def report(name, start, **scores):
    print(json.dumps({"name": name, "seconds": time.time() - start, **scores}), flush=True)


def linear(train, test, letters):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    reading = {"analyzer": "char", "ngram_range": (1, 4)} if letters else {"ngram_range": (1, 2)}
    start = time.time()
    vectorizer = TfidfVectorizer(sublinear_tf=True, **reading)
    rows = vectorizer.fit_transform([text for text, _ in train])
    model = LogisticRegression(C=10, max_iter=1000).fit(rows, [label for _, label in train])
    found = model.predict(vectorizer.transform([text for text, _ in test]))
    report("TF-IDF, logistic regression", start, accuracy=share([a == b for a, (_, b) in zip(found, test)]))


def fasttext(train, test, letters, seed):
    def line(text, label):
        tokens = text.replace(" ", "_") if letters else re.findall(r"\w+|[^\w\s]", text.lower())
        return f"__label__{ids.get(label, 'unseen')} {' '.join(tokens)}\n"

    ids = {label: i for i, label in enumerate(sorted({label for _, label in train}))}
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("train", train), ("test", test)):
            Path(folder, name).write_text("".join(line(*row) for row in rows), encoding="utf-8")
        settings = ["-wordNgrams", "3" if letters else "2", "-epoch", "25", "-bucket", "200000"]
        settings += ["-lr", "0.5", "-dim", "50", "-thread", "1", "-seed", str(seed), "-verbose", "0"]
        start = time.time()
        run = {"check": True, "capture_output": True, "text": True}
        model = [f"{folder}/model"]
        subprocess.run(
            ["fasttext", "supervised", "-input", f"{folder}/train", "-output", *model, *settings], **run
        )
        told = subprocess.run(["fasttext", "predict", f"{folder}/model.bin", f"{folder}/test"], **run)
        found = told.stdout.split()
    right = [a == f"__label__{ids.get(label)}" for a, (_, label) in zip(found, test)]
    report("fastText", start, accuracy=share(right))


def features(words):
    def of(i, offset):
        j = i + offset
        if not 0 <= j < len(words):
            return [f"{offset}:edge"]
        word = words[j]
        near = [f"{offset}:{word.lower()}", f"{offset}:{word[-3:]}", f"{offset}:{word.istitle()}"]
        if offset != 0:
            return near
        parts = [word, word[-2:], word[-1:], word[:2], word[:3]]
        shape = [word.isupper(), word.isdigit(), "-" in word]
        return near + [f"{k}={part}" for k, part in enumerate(parts + shape)]

    return [[feature for offset in (-2, -1, 0, 1, 2) for feature in of(i, offset)] for i in range(len(words))]


def entities(tags):
    """The spans of entities in BIO, as conlleval counts them."""
    found, start, kind = set(), None, None
    for i, tag in enumerate([*tags, "O"]):
        prefix, _, own = tag.partition("-")
        if start is not None and (prefix != "I" or own != kind):
            found.add((start, i, kind))
            start = None
        if prefix == "B" or (prefix == "I" and start is None):
            start, kind = i, own
    return found


def crf(train, test):
    import pycrfsuite

    start = time.time()
    trainer = pycrfsuite.Trainer(verbose=False)
    for text, label in train:
        trainer.append(features(text.split()), label.split())
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": 100})
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/model")
        found = [tagger.tag(features(text.split())) for text, _ in test]
    actual = [label.split() for _, label in test]
    right = [a == b for one, other in zip(found, actual) for a, b in zip(one, other)]
    pairs = [(entities(one), entities(other)) for one, other in zip(found, actual)]
    both = sum(len(one & other) for one, other in pairs)
    count = sum(len(one) + len(other) for one, other in pairs)
    f1 = {"f1": 2 * both / count} if count > 0 else {}
    report("CRF", start, accuracy=share(right), **f1)


if __name__ == "__main__":
    train_file, test_file, kind, *seeds = sys.argv[1:]
    train, test = read(train_file), read(test_file)
    models = [lambda: crf(train, test)] if kind == "tags" else [
        lambda: linear(train, test, kind == "letters"),
        *[lambda seed=seed: fasttext(train, test, kind == "letters", seed) for seed in seeds or [1]],
    ]
    for model in models:
        try:
            model()
        except (ImportError, FileNotFoundError) as error:
            print(f"left out: {error}", file=sys.stderr)
