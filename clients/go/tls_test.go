package reprise_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"reprise.dev/go"
	"reprise.dev/go/internal/testserver"
)

// authority signs certificates for one test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.key = must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	a.pem = a.sign(a.cert, a.key)
	return a
}

func (a *authority) sign(cert *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	der := must[[]byte](a.t)(x509.CreateCertificate(rand.Reader, cert, a.cert, &key.PublicKey, a.key))
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// issue returns a certificate for a name, and its key.
func (a *authority) issue(name string, ips ...net.IP) (cert, key []byte) {
	private := must[*ecdsa.PrivateKey](a.t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	cert = a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: ips,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, private)
	der := must[[]byte](a.t)(x509.MarshalPKCS8PrivateKey(private))
	return cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// Goal: TLS trusts whom it was told, checks the server's name, and shows the client's certificate. Method: a server that
// wants one, called rightly and wrongly.
func TestTLS(t *testing.T) {
	folder := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a := newAuthority(t)
	cert, key := a.issue("cache.test")
	caFile := file("ca.pem", a.pem)
	own := must[*testserver.Server](t)(testserver.Start("", "--tls-cert", file("cert.pem", cert), "--tls-key", file("key.pem", key), "--tls-client-ca", caFile))
	defer func() { _ = own.Stop() }()
	mine, myKey := a.issue("client")
	good := reprise.TLSOptions{CAFile: caFile, Cert: mine, Key: myKey, ServerName: "cache.test"}
	ctx := testserver.Context(t)
	set := func(o reprise.TLSOptions) error {
		client := connect(t, own.Address, reprise.WithTLS(o), reprise.WithTimeout(testserver.Patience), reprise.WithBearer("x"))
		_, err := client.Set(ctx, "k", nil)
		return err
	}
	if err := set(good); err != nil {
		t.Error(err)
	}
	fromFiles := reprise.TLSOptions{CA: a.pem, CertFile: file("mine.pem", mine), KeyFile: file("mykey.pem", myKey), ServerName: "cache.test"}
	if err := set(fromFiles); err != nil {
		t.Error(err)
	}
	wrongName, stranger, anonymous := good, good, good
	wrongName.ServerName = ""
	stranger.CAFile, stranger.CA = "", newAuthority(t).pem
	anonymous.Cert, anonymous.Key = nil, nil
	for name, o := range map[string]reprise.TLSOptions{"name": wrongName, "authority": stranger, "no certificate": anonymous} {
		equal(t, name, errors.Is(set(o), reprise.ErrUnavailable), true)
	}
	_, err := reprise.Connect(ctx, own.Address, reprise.WithTLS(reprise.TLSOptions{CAFile: filepath.Join(folder, "none")}))
	equal(t, "no file", errors.Is(err, os.ErrNotExist), true)
	_, err = reprise.Connect(ctx, own.Address, reprise.WithTLS(reprise.TLSOptions{CA: []byte("nonsense")}))
	equal(t, "no certificate in the CA", err != nil, true)
}
