package reprise

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// TLSOptions say whom to trust and who the client is. PEM is given as bytes, or as the name of a file.
type TLSOptions struct {
	// CA holds the authorities to trust instead of those of the machine.
	CA []byte
	// CAFile names a file with them.
	CAFile string
	// Cert holds the client's certificate chain, where the server asks for one.
	Cert []byte
	// CertFile names a file with it.
	CertFile string
	// Key holds the certificate's private key.
	Key []byte
	// KeyFile names a file with it.
	KeyFile string
	// ServerName is the name in the server's certificate, where it is not the host of the target.
	ServerName string
}

// WithTLS speaks TLS, 1.3 where the server can, 1.2 at least.
func WithTLS(options TLSOptions) Option { return func(c *config) { c.tls = &options } }

// WithTLSConfig speaks TLS with this configuration, for what TLSOptions can't say.
func WithTLSConfig(secure *tls.Config) Option { return func(c *config) { c.tlsConfig = secure } }

// secure returns the TLS configuration, or nil for a plain connection.
func (c *config) secure() (*tls.Config, error) {
	if c.tlsConfig != nil {
		return c.tlsConfig.Clone(), nil
	}
	if c.tls == nil {
		return nil, nil
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.tls.ServerName}
	if err := c.tls.trust(secure); err != nil {
		return nil, fmt.Errorf("reprise: connect: TLS: %w", err)
	}
	if err := c.tls.identify(secure); err != nil {
		return nil, fmt.Errorf("reprise: connect: TLS: %w", err)
	}
	return secure, nil
}

// serverName returns the name that the caller wants in certificates, or "" for the hosts of the targets.
func (c *config) serverName() string {
	switch {
	case c.tlsConfig != nil:
		return c.tlsConfig.ServerName
	case c.tls != nil:
		return c.tls.ServerName
	}
	return ""
}

func (o *TLSOptions) trust(config *tls.Config) error {
	pem, err := bytesOrFile(o.CA, o.CAFile)
	if err != nil || pem == nil {
		return err
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return errors.New("no certificate in the CA")
	}
	return nil
}

func (o *TLSOptions) identify(config *tls.Config) error {
	cert, err := bytesOrFile(o.Cert, o.CertFile)
	if err != nil {
		return err
	}
	key, err := bytesOrFile(o.Key, o.KeyFile)
	if err != nil || (cert == nil && key == nil) {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	config.Certificates = []tls.Certificate{pair}
	return err
}

func bytesOrFile(bytes []byte, file string) ([]byte, error) {
	if bytes != nil || file == "" {
		return bytes, nil
	}
	return os.ReadFile(file)
}
